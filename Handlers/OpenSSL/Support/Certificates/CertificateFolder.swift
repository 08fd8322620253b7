#if OpenSSL
internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The folders of identities and of trust.
enum CertificateFolder {
    /// Makes a folder that its owner alone may enter, and those above it, where they are missing; their names are on disk
    /// then.
    static func make(_ path: String) throws(EffectError) {
        guard unsafe mkdir(path, 0o700) != 0 else { return try sync(parent(of: path)) }
        switch errno {
        case EEXIST: return
        case ENOENT where parent(of: path) != path:
            try make(parent(of: path))
            guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw CertificateFile.failure(writing: path)
            }
            try sync(parent(of: path))
        default: throw CertificateFile.failure(writing: path)
        }
    }

    /// The names in a folder that are not hidden, sorted; none where there is no such folder.
    static func names(in path: String) throws(EffectError) -> [String] {
        guard let stream = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw EffectError(.permissionDenied, "\(path) cannot be read as a folder: change its owner or permissions.")
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Refuses a folder in which others than this process's user could replace a file.
    static func checkProtected(_ path: String) throws(EffectError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw EffectError(
                .notFound,
                "There is no folder \(path)."
            )
        }
        guard status.st_mode & 0o022 == 0 else {
            throw EffectError(
                .permissionDenied,
                "Others than its owner may write in \(path) (mode \(String(status.st_mode & 0o7777, radix: 8))): "
                    + "run 'chmod 700 \(path)'."
            )
        }
        try checkOwner(status, of: path)
    }

    /// Refuses what belongs to another user, who may give himself any permission.
    static func checkOwner(_ status: stat, of path: String) throws(EffectError) {
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw EffectError(
                .permissionDenied,
                "\(path) belongs to another user (\(status.st_uid)): make the user of this process its owner."
            )
        }
    }

    /// The path of the folder that something is in.
    static func parent(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// Waits until the names in a folder are on disk.
    static func sync(_ path: String) throws(EffectError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CertificateFile.failure(writing: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw CertificateFile.failure(writing: path) }
    }
}
#endif
