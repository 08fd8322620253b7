#if SQLite
internal import AuraRuntime
internal import CSQLite

/// Database files on a volume.
struct VolumeDatabaseFiles: DatabaseFiles {
    let vfs: SQLiteVFS?
    private let files: SQLiteVFS

    init(_ vfs: SQLiteVFS) {
        self.vfs = vfs
        files = vfs
    }

    func prepare(_ path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
        _ = try? files.volume.folder(at: folder.isEmpty ? "/" : folder, creating: true)
        guard let (folder, name) = try? files.place(of: path) else { return }
        _ = try? folder.file(name, [.write, .create])
    }

    func number(of path: String) -> UInt64? {
        guard let (folder, name) = try? files.place(of: path) else { return nil }
        return try? folder.file(name, []).number
    }

    func replace(_ path: String, with newPath: String) -> Bool {
        succeeds { () throws(VolumeError) in
            let (folder, name) = try files.place(of: path)
            for suffix in databaseCompanions { try? folder.remove(name + suffix) }
            try folder.rename(try files.place(of: newPath).name, to: name)
            try folder.sync()
        }
    }

    func exchange(_ path: String, with newPath: String, keepingAs keptPath: String?) -> Bool {
        let isKept = succeeds { () throws(VolumeError) in
            guard let keptPath else { return }
            let (folder, name) = try files.place(of: path)
            let kept = try files.place(of: keptPath).name
            try folder.link(name, as: kept)
            for suffix in databaseCompanions { try? folder.rename(name + suffix, to: kept + suffix) }
        }
        return isKept && replace(path, with: newPath)
    }

    func remove(_ path: String) {
        guard let (folder, name) = try? files.place(of: path) else { return }
        for suffix in [""] + databaseCompanions { try? folder.remove(name + suffix) }
    }

    private func succeeds(_ body: () throws(VolumeError) -> Void) -> Bool {
        do throws(VolumeError) {
            try body()
            return true
        } catch {
            return false
        }
    }

    func lock(_ path: String) throws(SQLiteFileLock.Failure) -> any Sendable {
        do throws(VolumeError) {
            let (folder, name) = try files.place(of: path)
            let shared = try files.shared(try folder.file(name, [.write]))
            if let lock = Lock(shared) { return lock }
        } catch {
            throw .cannotOpen
        }
        throw .inUse(by: nil)
    }

    /// The exclusive lock of a file, held as a connection would hold it.
    private final class Lock: Sendable {
        private let shared: SQLiteSharedFile

        init?(_ shared: SQLiteSharedFile) {
            self.shared = shared
            var level = SQLITE_LOCK_NONE
            let isShared = shared.lock(ObjectIdentifier(self), from: &level, to: SQLITE_LOCK_SHARED)
            if isShared && shared.lock(ObjectIdentifier(self), from: &level, to: SQLITE_LOCK_EXCLUSIVE) { return }
            shared.unlock(ObjectIdentifier(self), from: &level, to: SQLITE_LOCK_NONE)
            return nil
        }

        deinit {
            var level = SQLITE_LOCK_EXCLUSIVE
            shared.unlock(ObjectIdentifier(self), from: &level, to: SQLITE_LOCK_NONE)
        }
    }
}
#endif
