#if SQLite
internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Database files on the machine's file system.
struct MachineDatabaseFiles: DatabaseFiles {
    var vfs: SQLiteVFS? { nil }

    /// A file that exists is not even opened: closing it would give up the locks that this process's other connections hold
    /// on it.
    func prepare(_ path: String) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            if slash > path.startIndex { makeFolder(path[..<slash]) }
            end = path.index(after: slash)
        }
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    private func makeFolder(_ path: Substring) {
        guard unsafe mkdir(String(path), 0o700) == 0 else { return }
        // Else a crash of the machine may take the folder away, and all that was synced in it.
        if !syncFolder(of: path) { _ = unsafe rmdir(String(path)) }
    }

    /// Makes the name of a file or folder durable.
    private func syncFolder(of path: some StringProtocol) -> Bool {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// The file system's own number is left out: it may change whenever the machine starts.
    func number(of path: String) -> UInt64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }

    func replace(_ path: String, with newPath: String) -> Bool {
        for suffix in databaseCompanions { _ = unsafe unlink(path + suffix) }
        guard unsafe rename(newPath, path) == 0 else { return false }
        return syncFolder(of: path)
    }

    func exchange(_ path: String, with newPath: String, keepingAs keptPath: String?) -> Bool {
        if let keptPath {
            guard unsafe link(path, keptPath) == 0 else { return false }
            for suffix in databaseCompanions { _ = unsafe rename(path + suffix, keptPath + suffix) }
        }
        return replace(path, with: newPath)
    }

    func remove(_ path: String) {
        for suffix in [""] + databaseCompanions { _ = unsafe unlink(path + suffix) }
    }

    func lock(_ path: String) throws(SQLiteFileLock.Failure) -> any Sendable {
        try SQLiteFileLock(path)
    }
}
#endif
