#if OpenSSL
package import AuraEffects
internal import AuraRuntime

/// Changes a trust store's folder: one change at a time of all processes, each on disk before it is done.
package struct TrustEditing: Sendable {
    private let paths: TrustPaths
    private let retry: LockRetry

    /// Creates one.
    ///
    /// - Parameters:
    ///   - folder: The folder's path; it is made where it is missing.
    ///   - time: What waiting for another process is taken from.
    ///   - random: Varies the pauses of that waiting.
    package init(folder: String, time: any TimeEffects, random: any RandomEffects) {
        paths = TrustPaths(folder)
        retry = LockRetry(time: time, random: random, timeout: .seconds(30))
    }

    /// Changes pins and revoked keys.
    ///
    /// - Parameter change: The change; where it throws nothing is written.
    /// - Returns: The text as it is now.
    /// - Throws: ``EffectError``: what `change` throws; `unavailable` where another process holds the folder's lock for 30
    ///   seconds; `corrupted` for a text that cannot be read.
    @discardableResult
    package func edit(_ change: (inout TrustFile) throws(EffectError) -> Void) async throws(EffectError) -> TrustFile {
        try await locked { () throws(EffectError) in
            var file = try paths.fileOrNew()
            let text = file.text
            try change(&file)
            if file.text != text || !paths.hasFile {
                try CertificateFile.replace(paths.trustFile, with: Array(file.text.utf8), for: .everybody)
            }
            return file
        }
    }

    /// Trusts the certificates that a private CA signed.
    ///
    /// - Parameter authority: The CA's certificate.
    /// - Returns: The path of the file that holds it now.
    /// - Throws: ``EffectError``: `invalidArgument` where it is no CA's certificate, `conflict` where its key is revoked.
    @discardableResult
    package func add(_ authority: Certificate) async throws(EffectError) -> String {
        guard authority.isAuthority else {
            throw EffectError(
                .invalidArgument,
                "The certificate of \(HandlerErrors.quote(authority.name)) is no CA's: pin its key \(authority.fingerprint)."
            )
        }
        return try await locked { () throws(EffectError) in
            let file = try paths.fileOrNew()
            if let moment = file.revoked[authority.fingerprint] {
                throw EffectError(
                    .conflict,
                    "The CA's key is revoked since \(CertificateValidity.text(moment)): make a CA with a new key."
                )
            }
            if !paths.hasFile {
                try CertificateFile.replace(paths.trustFile, with: Array(file.text.utf8), for: .everybody)
            }
            return try write(authority.pem(), to: paths.authorityFile(authority.fingerprint))
        }
    }

    /// Refuses the certificates that a private CA took back.
    ///
    /// - Parameter list: The CA's list.
    /// - Returns: The path of the file that holds it now.
    /// - Throws: ``EffectError``: `notFound` where its CA is not trusted, `conflict` where a newer list is there.
    @discardableResult
    package func add(_ list: RevocationList) async throws(EffectError) -> String {
        try await locked { () throws(EffectError) in
            guard let authority = try paths.authorities().first(where: { list.isSigned(by: $0) }) else {
                throw EffectError(
                    .notFound,
                    "No CA in \(paths.folder) signed this revocation list: trust its CA first, by '--ca'."
                )
            }
            let path = paths.listFile(authority.fingerprint)
            let present = try paths.revocationLists(at: path)
            if let newer = present.map(\.issued).max(), newer > list.issued {
                throw EffectError(
                    .conflict,
                    "A newer list of this CA is there, of \(CertificateValidity.text(newer)): get the CA's newest one."
                )
            }
            return try write(list.pem(), to: path)
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(EffectError) -> String {
        try CertificateFolder.make(CertificateFolder.parent(of: path))
        try CertificateFile.replace(path, with: bytes, for: .everybody)
        return path
    }

    private func locked<Result>(_ body: () throws(EffectError) -> Result) async throws(EffectError) -> Result {
        try CertificateFolder.make(paths.folder)
        try paths.checkFolders()
        return try await retry.run(
            isBusy: { $0.code == .unavailable && $0.isRetryable },
            cancelled: { EffectError(.cancelled, "The change of \(paths.folder) was cancelled before it was made.") },
            { () throws(EffectError) in
                let lock = try FolderLock(paths.folder)
                defer { withExtendedLifetime(lock) {} }
                return try body()
            }
        )
    }
}
#endif
