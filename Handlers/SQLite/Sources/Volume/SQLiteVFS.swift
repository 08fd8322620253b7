#if SQLite
internal import AuraRuntime
internal import CSQLite
internal import Synchronization

/// Lets SQLite keep its files on a volume instead of the machine's file system.
///
/// All connections on one volume share it, and with it the locks and the shared memory of their files. It promises of the
/// volume what SQLite's own file system promises of the machine's disks, so that the same code of SQLite runs on both.
///
/// Source: https://sqlite.org/vfs.html
// Safe to send: what is not a constant is guarded by `files`; SQLite only reads the registration.
@safe
final class SQLiteVFS: @unchecked Sendable {
    let volume: any FileVolume
    /// What connections name it by.
    let name: String
    private let registration: UnsafeMutablePointer<sqlite3_vfs>
    private let nameBytes: UnsafeMutablePointer<CChar>
    private let files = Mutex<[UInt64: WeakSharedFile]>([:])
    private let temporaryCount = Atomic(0)

    private struct WeakSharedFile {
        weak var file: SQLiteSharedFile?
    }

    private struct Registered: Sendable {
        weak var vfs: SQLiteVFS?
    }

    private static let registered = Mutex<(count: Int, vfs: [ObjectIdentifier: Registered])>((0, [:]))

    /// The one of a volume, made where there is none.
    static func on(_ volume: any FileVolume) -> SQLiteVFS {
        registered.withLock { registered in
            if let vfs = registered.vfs[ObjectIdentifier(volume)]?.vfs { return vfs }
            registered.vfs = registered.vfs.filter { $0.value.vfs != nil }
            registered.count += 1
            let vfs = SQLiteVFS(volume, name: "aura-\(registered.count)")
            registered.vfs[ObjectIdentifier(volume)] = Registered(vfs: vfs)
            return vfs
        }
    }

    private init(_ volume: any FileVolume, name: String) {
        self.volume = volume
        self.name = name
        let characters = name.utf8CString
        unsafe nameBytes = .allocate(capacity: characters.count)
        for (index, character) in characters.enumerated() { unsafe nameBytes[index] = character }
        unsafe registration = .allocate(capacity: 1)
        unsafe registration.initialize(to: SQLiteVFSCalls.vfs)
        unsafe registration.pointee.zName = UnsafePointer(nameBytes)
        // Not retained: it is unregistered before it goes, and every connection holds it.
        unsafe registration.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        SQLiteConnection.initializeLibrary
        unsafe sqlite3_vfs_register(registration, 0)
    }

    deinit {
        unsafe sqlite3_vfs_unregister(registration)
        unsafe registration.deallocate()
        unsafe nameBytes.deallocate()
    }

    // MARK: Files

    /// The folder and the name that a path leads to.
    func place(of path: String) throws(VolumeError) -> (folder: any VolumeFolder, name: String) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let folder = slash.map { String(path[..<$0]) } ?? ""
        return (try volume.folder(at: folder.isEmpty ? "/" : folder, creating: false), name)
    }

    /// What the connections on a database file share.
    func shared(_ file: any VolumeFile) throws(VolumeError) -> SQLiteSharedFile {
        let number = try file.number
        return files.withLock { files in
            if let shared = files[number]?.file { return shared }
            files = files.filter { $0.value.file != nil }
            let shared = SQLiteSharedFile()
            files[number] = WeakSharedFile(file: shared)
            return shared
        }
    }

    /// A name for a file that is removed as soon as it is open.
    func temporaryName() -> String {
        "/.sqlite-\(temporaryCount.add(1, ordering: .relaxed).newValue)"
    }
}
#endif
