#if SQLite
internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What has to be so in the file system before SQLite opens a database.
enum SQLiteFile {
    /// Makes missing folders (0700) and the file (0600), so that what SQLite puts beside it gets the same mode.
    ///
    /// A file or folder that exists keeps its mode. What cannot be made is left to SQLite to report. A file that exists is
    /// not even opened: closing it would give up the locks that this process's other connections hold on it.
    static func prepare(_ path: String) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            if slash > path.startIndex { _ = unsafe mkdir(String(path[..<slash]), 0o700) }
            end = path.index(after: slash)
        }
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// What tells a file from its copies: its number in its file system; `nil` where it cannot be looked at.
    ///
    /// The file system's own number is left out: it may change whenever the machine starts.
    static func number(of path: String) -> UInt64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }

    /// Moves a database over another one and syncs the folder, so that the move survives a crash.
    ///
    /// A log that the other one left behind goes first: it would be played back into the new one.
    static func replace(_ path: String, with newPath: String) -> Bool {
        for suffix in companions { _ = unsafe unlink(path + suffix) }
        guard unsafe rename(newPath, path) == 0 else { return false }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// Moves a database over another one, which is kept under a name of its own together with its log.
    ///
    /// At every moment one of the two stands at `path`: an application that opens it just now makes no new one.
    static func exchange(_ path: String, with newPath: String, keepingAs keptPath: String?) -> Bool {
        if let keptPath {
            guard unsafe link(path, keptPath) == 0 else { return false }
            for suffix in companions { _ = unsafe rename(path + suffix, keptPath + suffix) }
        }
        return replace(path, with: newPath)
    }

    /// The name, with a number behind it where there is such a file already.
    static func freeName(_ path: String) -> String {
        var name = path
        var count = 1
        while number(of: name) != nil {
            count += 1
            name = "\(path)-\(count)"
        }
        return name
    }

    /// Removes a file and what SQLite keeps beside it.
    static func remove(_ path: String) {
        for suffix in [""] + companions { _ = unsafe unlink(path + suffix) }
    }

    private static let companions = ["-wal", "-shm", "-journal"]
}
#endif
