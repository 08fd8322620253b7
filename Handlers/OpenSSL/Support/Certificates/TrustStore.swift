#if OpenSSL
package import AuraEffects

/// Whom a node trusts: pinned keys, private CAs, and what is revoked, as its folder was when it was read.
///
/// The folder holds `trust.txt` (``TrustFile``), and where there are private CAs `ca/*.pem` with their certificates and
/// `crl/*.pem` with their revocation lists. A node that runs for long asks ``hasChanged`` and reads the folder again; where
/// that fails it goes on with what it has and says so.
package final class TrustStore: Sendable {
    /// The names of pinned keys.
    package let pins: [KeyFingerprint: String]
    /// The keys that are refused, with the moment since when, in seconds since 1970-01-01T00:00:00Z.
    package let revoked: [KeyFingerprint: Int64]
    /// The CAs whose certificates are trusted; without those whose key is revoked.
    package let authorities: [Certificate]
    /// The lists of certificates that these CAs took back.
    package let revocationLists: [RevocationList]

    let anchors: TrustAnchors
    private let files: WatchedFiles

    /// Creates a store that stands in no folder.
    ///
    /// - Parameters:
    ///   - file: Pins and revoked keys.
    ///   - authorities: The CAs whose certificates are trusted.
    ///   - revocationLists: The lists of certificates that these CAs took back.
    /// - Throws: ``EffectError`` with `internal` where OpenSSL fails.
    package convenience init(
        _ file: TrustFile,
        authorities: [Certificate] = [],
        revocationLists: [RevocationList] = []
    ) throws(EffectError) {
        try self.init(file, authorities, revocationLists, WatchedFiles([]))
    }

    /// Reads a folder.
    ///
    /// It blocks: call it on an executor of your own.
    ///
    /// - Parameter folder: The folder's path.
    /// - Throws: ``EffectError``: `notFound` where there is no `trust.txt`, `corrupted` with file and line for what cannot be
    ///   read, `permissionDenied`.
    package convenience init(folder: String) throws(EffectError) {
        let paths = TrustPaths(folder)
        try paths.checkFolders()
        let files = WatchedFiles(try paths.all)
        let file = try paths.file()
        let authorities = try paths.authorities()
        let lists = try paths.revocationLists(of: authorities)
        try self.init(file, authorities, lists, files)
    }

    private init(
        _ file: TrustFile,
        _ authorities: [Certificate],
        _ revocationLists: [RevocationList],
        _ files: WatchedFiles
    ) throws(EffectError) {
        pins = file.pins
        revoked = file.revoked
        // A peer does not send the CA that is trusted, so that its revoked key would not be seen in a handshake.
        self.authorities = authorities.filter { file.revoked[$0.fingerprint] == nil }
        self.revocationLists = revocationLists
        anchors = try TrustAnchors(authorities: self.authorities, revocationLists: revocationLists)
        self.files = files
    }

    /// Whether the folder is no longer as it was read.
    ///
    /// It asks the file system for the state of each file and reads none.
    package var hasChanged: Bool { files.haveChanged }

    /// The pinned keys of a name.
    package func keys(named name: String) -> Set<KeyFingerprint> {
        Set(pins.filter { $0.value == name }.keys)
    }
}
#endif
