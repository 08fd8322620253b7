#if OpenSSL
internal import AuraEffects
internal import AuraRuntime

/// The files of a trust store's folder.
struct TrustPaths {
    let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    var trustFile: String { "\(folder)/trust.txt" }
    private var authoritiesFolder: String { "\(folder)/ca" }
    private var listsFolder: String { "\(folder)/crl" }

    /// Everything that a change of trust changes.
    var all: [String] {
        get throws(EffectError) {
            try [trustFile, authoritiesFolder, listsFolder] + pemFiles(authoritiesFolder) + pemFiles(listsFolder)
        }
    }

    /// Refuses folders in which others could change what is trusted.
    func checkFolders() throws(EffectError) {
        for path in [folder, authoritiesFolder, listsFolder] where Host.exists(path) {
            try CertificateFolder.checkProtected(path)
        }
    }

    func file() throws(EffectError) -> TrustFile {
        let bytes: [UInt8]
        do throws(EffectError) {
            bytes = try CertificateFile.contents(of: trustFile, .trusted)
        } catch  where error.code == .notFound {
            throw EffectError(
                .notFound,
                "There is no \(trustFile): 'aura identity trust \(folder) NAME FINGERPRINT' makes it."
            )
        }
        return try TrustFile(parsing: bytes, from: trustFile)
    }

    /// What the text says, or an empty one where there is none yet.
    func fileOrNew() throws(EffectError) -> TrustFile {
        hasFile ? try file() : TrustFile()
    }

    var hasFile: Bool { Host.exists(trustFile) }

    /// One file for each CA's key: a renewed certificate takes the place of the old one.
    func authorityFile(_ key: KeyFingerprint) -> String { "\(authoritiesFolder)/\(key).pem" }

    /// One file for each CA's key: a newer list takes the place of the old one.
    func listFile(_ authority: KeyFingerprint) -> String { "\(listsFolder)/\(authority).pem" }

    func authorities() throws(EffectError) -> [Certificate] {
        var authorities: [Certificate] = []
        for path in try pemFiles(authoritiesFolder) {
            let certificates = try Certificate.read(pem: CertificateFile.contents(of: path, .trusted), from: path)
            guard certificates.allSatisfy(\.isAuthority) else {
                throw EffectError(.invalidArgument, "\(path) holds a certificate that is no CA's: pin its key instead.")
            }
            authorities += certificates
        }
        return authorities
    }

    func revocationLists(of authorities: [Certificate]) throws(EffectError) -> [RevocationList] {
        var lists: [RevocationList] = []
        for path in try pemFiles(listsFolder) {
            let read = try revocationLists(at: path)
            // Else it would never be asked, and what it revokes be trusted.
            guard read.allSatisfy({ list in authorities.contains { list.isSigned(by: $0) } }) else {
                throw EffectError(
                    .corrupted,
                    "\(path) holds a revocation list that no CA in \(authoritiesFolder) signed: add the CA, or remove the list."
                )
            }
            lists += read
        }
        return lists
    }

    /// The lists of a file; none where it is not there.
    func revocationLists(at path: String) throws(EffectError) -> [RevocationList] {
        guard Host.exists(path) else { return [] }
        return try RevocationList.read(pem: CertificateFile.contents(of: path, .trusted), from: path)
    }

    /// The files of a folder; a file of another kind would be ignored silently, which a revocation must not be.
    private func pemFiles(_ folder: String) throws(EffectError) -> [String] {
        // What is staged is in force once it has its place; a command that was interrupted before has not said that it is.
        let staged = ".pem" + CertificateFile.stagedSuffix
        let names = try CertificateFolder.names(in: folder).filter { !$0.hasSuffix(staged) }
        if let other = names.first(where: { !$0.hasSuffix(".pem") }) {
            throw EffectError(
                .invalidArgument,
                "\(folder)/\(other) would not be read: name it '*.pem' where it is in PEM, or remove it."
            )
        }
        return names.map { "\(folder)/\($0)" }
    }
}
#endif
