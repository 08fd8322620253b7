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
        try CertificateFolder.checkProtected(folder)
        let files = WatchedFiles([paths.certificate, paths.key])
        let key = try PrivateKey.read(pem: paths.contents(paths.key, isSecret: true), from: paths.key)
        let chain = try Certificate.read(pem: paths.contents(paths.certificate), from: paths.certificate)
        // A key changes before its certificate: should that have been interrupted, the certificate waits under this name.
        if chain[0].fingerprint != key.fingerprint,
            let staged = try? CertificateFile.contents(of: paths.stagedCertificate),
            let newer = try? Certificate.read(pem: staged, from: paths.stagedCertificate),
            newer[0].fingerprint == key.fingerprint
        {
            try self.init(chain: newer, key: key, from: folder, files: files)
        } else {
            try self.init(chain: chain, key: key, from: folder, files: files)
        }
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

    func contents(_ path: String, isSecret: Bool = false) throws(EffectError) -> [UInt8] {
        do throws(EffectError) {
            return try CertificateFile.contents(of: path, isSecret: isSecret)
        } catch  where error.code == .notFound {
            throw EffectError(.notFound, "There is no \(path): 'aura identity create \(folder)' makes an identity.")
        }
    }
}
#endif
