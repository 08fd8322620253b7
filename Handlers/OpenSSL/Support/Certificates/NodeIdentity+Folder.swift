#if OpenSSL
package import AuraEffects
internal import AuraRuntime

extension NodeIdentity {
    /// Reads an identity.
    ///
    /// It blocks: call it on an executor of your own.
    ///
    /// - Parameter folder: The path of a folder with `certificate.pem` and `key.pem`.
    /// - Throws: ``EffectError``: `notFound`; `permissionDenied` where others than the owner may read the key or write in the
    ///   folder; `corrupted` where a file is damaged or the key is not the certificate's; `unsupported` for an encrypted key.
    package convenience init(folder: String) throws(EffectError) {
        let paths = IdentityPaths(folder)
        try paths.checkFolder()
        var files: WatchedFiles
        var key: PrivateKey
        var chain: [Certificate]
        // Again where both were replaced between the reading of the one and of the other.
        repeat {
            files = WatchedFiles([paths.certificate, paths.key])
            key = try PrivateKey.read(pem: paths.contents(paths.key, .secret), from: paths.key)
            chain = try paths.chain(of: key)
        } while !chain[0].isFor(key) && files.haveChanged
        try self.init(chain: chain, key: key, from: folder, files: files)
    }

    /// Writes the identity into a folder, so that a crash at any moment leaves the old one or the new one.
    ///
    /// It blocks: call it on an executor of your own.
    ///
    /// - Parameters:
    ///   - folder: The folder's path; it is made where it is missing, for its owner alone.
    ///   - replaces: Whether an identity that is there may be replaced.
    /// - Throws: ``EffectError``: `conflict` where there is one and it may not, or what the file system says.
    package func write(to folder: String, replacing replaces: Bool = false) throws(EffectError) {
        let paths = IdentityPaths(folder)
        try CertificateFolder.make(folder)
        try CertificateFolder.checkProtected(folder)
        let lock = try FolderLock(folder)
        defer { withExtendedLifetime(lock) {} }
        try paths.finishReplacement()
        if let present = paths.present, !replaces {
            throw EffectError(
                .conflict,
                "There is a \(present) already: '--renew' makes a new certificate for its key, '--force' replaces the key too."
            )
        }
        var text: [UInt8] = []
        for certificate in chain { text += try certificate.pem() }
        let stagedKey = paths.key + CertificateFile.stagedSuffix
        try key.pem()
            .withExposedValue { (bytes) throws(EffectError) in
                try CertificateFile.stage(stagedKey, bytes, for: .owner)
            }
        try CertificateFile.stage(paths.stagedCertificate, text, for: .everybody)
        try CertificateFolder.sync(folder)
        try CertificateFile.move(stagedKey, to: paths.key)
        try CertificateFile.move(paths.stagedCertificate, to: paths.certificate)
    }
}

/// The files of an identity's folder.
private struct IdentityPaths {
    let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    var certificate: String { "\(folder)/certificate.pem" }
    var key: String { "\(folder)/key.pem" }
    var stagedCertificate: String { certificate + CertificateFile.stagedSuffix }

    /// The first of both that is there.
    var present: String? { [key, certificate].first { Host.exists($0) } }

    func checkFolder() throws(EffectError) {
        guard Host.exists(folder) else { throw missing(folder) }
        try CertificateFolder.checkProtected(folder)
    }

    private func missing(_ path: String) -> EffectError {
        EffectError(.notFound, "There is no \(path): 'aura identity create \(folder)' makes an identity.")
    }

    /// The certificates of a key.
    ///
    /// A key is replaced before its certificate: should that have been interrupted, the certificate waits under the name
    /// that it was staged under.
    func chain(of key: PrivateKey) throws(EffectError) -> [Certificate] {
        let chain = try Certificate.read(pem: contents(certificate, .trusted), from: certificate)
        return chain[0].isFor(key) ? chain : stagedChain(of: key) ?? chain
    }

    private func stagedChain(of key: PrivateKey) -> [Certificate]? {
        guard let bytes = try? CertificateFile.contents(of: stagedCertificate, .trusted),
            let chain = try? Certificate.read(pem: bytes, from: stagedCertificate), chain[0].isFor(key)
        else { return nil }
        return chain
    }

    /// Ends a replacement that was interrupted between its two files: the next one would overwrite what is staged, which
    /// may be the key's only certificate.
    func finishReplacement() throws(EffectError) {
        guard let bytes = try? contents(key, .secret), let key = try? PrivateKey.read(pem: bytes, from: key),
            stagedChain(of: key) != nil
        else { return }
        try CertificateFile.move(stagedCertificate, to: certificate)
    }

    func contents(_ path: String, _ protection: CertificateFile.Protection) throws(EffectError) -> [UInt8] {
        do throws(EffectError) {
            return try CertificateFile.contents(of: path, protection)
        } catch  where error.code == .notFound {
            throw missing(path)
        }
    }
}
#endif
