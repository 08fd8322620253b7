#if SQLite
internal import CSQLite

/// The functions that SQLite calls for an open file; each hands over to ``SQLiteVolumeFile``.
enum SQLiteFileCalls {
    /// What stands in the memory that SQLite gives an open file: its own part, then the file.
    static let byteCount = unsafe objectOffset + MemoryLayout<UnsafeRawPointer>.size

    private static let objectOffset = unsafe MemoryLayout<sqlite3_file>.stride

    /// Hands a file over to SQLite, which gives it back with `xClose`.
    static func open(_ file: SQLiteVolumeFile, in memory: UnsafeMutablePointer<sqlite3_file>) {
        unsafe UnsafeMutableRawPointer(memory)
            .storeBytes(
                of: Unmanaged.passRetained(file).toOpaque(),
                toByteOffset: objectOffset,
                as: UnsafeMutableRawPointer.self
            )
        unsafe memory.pointee.pMethods = UnsafePointer(methods)
    }

    private static func object(_ memory: UnsafeMutablePointer<sqlite3_file>?) -> Unmanaged<SQLiteVolumeFile>? {
        guard let memory = unsafe memory else { return nil }
        let object = unsafe UnsafeRawPointer(memory)
            .load(fromByteOffset: objectOffset, as: UnsafeMutableRawPointer.self)
        return unsafe Unmanaged.fromOpaque(object)
    }

    /// Runs `body` with an open file, and tells SQLite what it returns.
    private static func with(
        _ memory: UnsafeMutablePointer<sqlite3_file>?,
        _ body: (SQLiteVolumeFile) -> SQLiteResultCode
    ) -> Int32 {
        guard let object = unsafe object(memory) else { return SQLITE_MISUSE }
        return unsafe object._withUnsafeGuaranteedRef { body($0).rawValue }
    }

    /// Made once and kept.
    nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        var methods = sqlite3_io_methods()
        // Without the calls of version 3, which map the file into memory.
        methods.iVersion = 2
        unsafe methods.xClose = { memory in
            guard let object = unsafe SQLiteFileCalls.object(memory) else { return SQLITE_MISUSE }
            unsafe object.takeRetainedValue().close()
            return SQLITE_OK
        }
        unsafe methods.xRead = { memory, buffer, count, offset in
            unsafe SQLiteFileCalls.with(memory) { file in
                let buffer = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
                return unsafe file.read(into: buffer, at: Int(offset))
            }
        }
        unsafe methods.xWrite = { memory, bytes, count, offset in
            unsafe SQLiteFileCalls.with(memory) { file in
                unsafe file.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset))
            }
        }
        unsafe methods.xTruncate = { memory, size in
            unsafe SQLiteFileCalls.with(memory) { $0.truncate(to: Int(size)) }
        }
        unsafe methods.xSync = { memory, flags in
            unsafe SQLiteFileCalls.with(memory) { $0.sync(dataOnly: flags & SQLITE_SYNC_DATAONLY != 0) }
        }
        unsafe methods.xFileSize = { memory, size in
            unsafe SQLiteFileCalls.with(memory) { file in
                var found: Int64 = 0
                let code = file.size(&found)
                unsafe size?.pointee = found
                return code
            }
        }
        unsafe methods.xLock = { memory, level in unsafe SQLiteFileCalls.with(memory) { $0.lock(level) } }
        unsafe methods.xUnlock = { memory, level in
            unsafe SQLiteFileCalls.with(memory) { file in
                file.unlock(level)
                return .ok
            }
        }
        unsafe methods.xCheckReservedLock = { memory, isReserved in
            unsafe SQLiteFileCalls.with(memory) { file in
                unsafe isReserved?.pointee = file.isReserved ? 1 : 0
                return .ok
            }
        }
        unsafe methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        // As SQLite takes it for granted of the machine's disks.
        unsafe methods.xSectorSize = { _ in 4096 }
        unsafe methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        unsafe methods.xShmMap = { memory, number, size, isExtending, region in
            unsafe SQLiteFileCalls.with(memory) { file in
                unsafe region?.pointee = file.region(Int(number), size: Int(size), extending: isExtending != 0)
                return .ok
            }
        }
        unsafe methods.xShmLock = { memory, first, count, flags in
            unsafe SQLiteFileCalls.with(memory) { $0.lockMemory(Int(first)..<Int(first + count), flags) }
        }
        unsafe methods.xShmBarrier = { memory in
            _ = unsafe SQLiteFileCalls.with(memory) { file in
                file.barrier()
                return .ok
            }
        }
        unsafe methods.xShmUnmap = { memory, _ in unsafe SQLiteFileCalls.with(memory) { $0.unmapMemory() } }
        let pointer = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        unsafe pointer.initialize(to: methods)
        return unsafe pointer
    }()
}
#endif
