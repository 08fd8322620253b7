#if SQLite
internal import AuraRuntime
internal import CSQLite

/// The functions that SQLite calls for a file system; each hands over to ``SQLiteVFS``.
enum SQLiteVFSCalls {
    /// A registration without its name and its object.
    static var vfs: sqlite3_vfs {
        var vfs = unsafe sqlite3_vfs()
        unsafe vfs.iVersion = 2
        unsafe vfs.szOsFile = Int32(SQLiteFileCalls.byteCount)
        unsafe vfs.mxPathname = 1024
        unsafe vfs.xOpen = { vfs, name, memory, flags, _ in
            guard let memory = unsafe memory else { return SQLITE_MISUSE }
            // Otherwise SQLite would close what was not opened.
            unsafe memory.pointee.pMethods = nil
            return unsafe SQLiteVFSCalls.with(vfs) { vfs in
                let name = unsafe name.map { unsafe String(cString: $0) }
                guard let file = vfs.open(name, flags) else { return .cannotOpen }
                unsafe SQLiteFileCalls.open(file, in: memory)
                return .ok
            }
        }
        unsafe vfs.xDelete = { vfs, name, syncsFolder in
            unsafe SQLiteVFSCalls.with(vfs, name) { $0.remove($1, syncsFolder: syncsFolder != 0) }
        }
        unsafe vfs.xAccess = { vfs, name, _, isThere in
            unsafe SQLiteVFSCalls.with(vfs, name) { vfs, name in
                var found = false
                let code = vfs.look(for: name, &found)
                unsafe isThere?.pointee = found ? 1 : 0
                return code
            }
        }
        unsafe vfs.xFullPathname = { _, name, count, buffer in
            guard let name = unsafe name, let buffer = unsafe buffer else { return SQLITE_MISUSE }
            var path = unsafe String(cString: name)
            if !path.hasPrefix("/") { path = "/" + path }
            let characters = path.utf8CString
            guard characters.count <= Int(count) else { return SQLITE_CANTOPEN }
            for (index, character) in characters.enumerated() { unsafe buffer[index] = character }
            return SQLITE_OK
        }
        // SQLite takes its random numbers from its first file system alone; nothing waits or asks for the time here.
        unsafe vfs.xRandomness = { _, _, _ in 0 }
        unsafe vfs.xSleep = { _, _ in 0 }
        unsafe vfs.xCurrentTimeInt64 = { _, time in
            unsafe time?.pointee = SQLiteVFSCalls.epoch
            return SQLITE_OK
        }
        unsafe vfs.xCurrentTime = { _, time in
            unsafe time?.pointee = Double(SQLiteVFSCalls.epoch) / 86_400_000
            return SQLITE_OK
        }
        unsafe vfs.xGetLastError = { _, _, _ in 0 }
        return unsafe vfs
    }

    /// The beginning of 1970 in SQLite's milliseconds.
    private static let epoch: Int64 = 210_866_760_000_000

    private static func with(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?,
        _ body: (SQLiteVFS) -> SQLiteResultCode
    ) -> Int32 {
        guard let object = unsafe vfs?.pointee.pAppData else { return SQLITE_MISUSE }
        return unsafe Unmanaged<SQLiteVFS>.fromOpaque(object)._withUnsafeGuaranteedRef { body($0).rawValue }
    }

    private static func with(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?,
        _ name: UnsafePointer<CChar>?,
        _ body: (SQLiteVFS, String) -> SQLiteResultCode
    ) -> Int32 {
        guard let name = unsafe name.map({ unsafe String(cString: $0) }) else { return SQLITE_MISUSE }
        return unsafe with(vfs) { body($0, name) }
    }
}

extension SQLiteVFS {
    private static let journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL

    /// Opens a file, or one without a name that is gone once it is closed; `nil` where that fails.
    fileprivate func open(_ path: String?, _ flags: Int32) -> SQLiteVolumeFile? {
        var options: VolumeFileOptions = []
        if flags & SQLITE_OPEN_READWRITE != 0 { options.insert(.write) }
        if flags & SQLITE_OPEN_CREATE != 0 { options.insert(.create) }
        if flags & SQLITE_OPEN_EXCLUSIVE != 0 { options.insert(.exclusive) }
        do throws(VolumeError) {
            let (folder, name) = try place(of: path ?? temporaryName())
            let file = try folder.file(name, options)
            if flags & SQLITE_OPEN_DELETEONCLOSE != 0 { try folder.remove(name) }
            let isDatabase = flags & SQLITE_OPEN_MAIN_DB != 0
            let isNewJournal = flags & SQLITE_OPEN_CREATE != 0 && flags & Self.journals != 0
            return SQLiteVolumeFile(
                file,
                shared: isDatabase ? try shared(file) : nil,
                unsyncedFolder: isNewJournal ? folder : nil
            )
        } catch {
            return nil
        }
    }

    fileprivate func remove(_ path: String, syncsFolder: Bool) -> SQLiteResultCode {
        let folder: any VolumeFolder
        do throws(VolumeError) {
            let place = try place(of: path)
            folder = place.folder
            try folder.remove(place.name)
        } catch {
            return error == .notFound ? .ioErrorDeleteMissing : .ioErrorDelete
        }
        guard syncsFolder else { return .ok }
        return SQLiteVolumeFile.code(.ioErrorSyncFolder) { () throws(VolumeError) in try folder.sync() }
    }

    /// Looks whether there is a file that is not empty.
    fileprivate func look(for path: String, _ isThere: inout Bool) -> SQLiteResultCode {
        do throws(VolumeError) {
            let (folder, name) = try place(of: path)
            isThere = try folder.file(name, []).size > 0
            return .ok
        } catch {
            return error == .notFound ? .ok : .ioErrorAccess
        }
    }
}
#endif
