#if SQLite
internal import AuraRuntime
internal import CSQLite

/// A file that a connection has open on a volume: the methods of `sqlite3_file`, in their order.
///
/// Only its connection uses it.
final class SQLiteVolumeFile {
    private let file: any VolumeFile
    /// For a database file.
    private let shared: SQLiteSharedFile?
    /// The folder whose sync makes the name of a new journal durable; `nil` once that is done.
    private var unsyncedFolder: (any VolumeFolder)?
    private var level = SQLITE_LOCK_NONE
    private var isAttached = false
    private var sharedSlots: Set<Int> = []
    private var exclusiveSlots: Set<Int> = []

    init(_ file: any VolumeFile, shared: SQLiteSharedFile?, unsyncedFolder: (any VolumeFolder)?) {
        self.file = file
        self.shared = shared
        self.unsyncedFolder = unsyncedFolder
    }

    private var identity: ObjectIdentifier { ObjectIdentifier(self) }

    func close() {
        _ = unmapMemory()
        shared?.unlock(identity, from: &level, to: SQLITE_LOCK_NONE)
    }

    // MARK: Bytes

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> SQLiteResultCode {
        do throws(VolumeError) {
            let count = unsafe try file.read(into: buffer, at: offset)
            if count == buffer.count { return .ok }
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                .initializeMemory(as: UInt8.self, repeating: 0)
            return .ioErrorShortRead
        } catch {
            return .ioErrorRead
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> SQLiteResultCode {
        Self.code(.ioErrorWrite) { () throws(VolumeError) in unsafe try file.write(bytes, at: offset) }
    }

    func truncate(to size: Int) -> SQLiteResultCode {
        Self.code(.ioErrorTruncate) { () throws(VolumeError) in try file.truncate(to: size) }
    }

    func sync(dataOnly: Bool) -> SQLiteResultCode {
        let code = Self.code(.ioErrorSync) { () throws(VolumeError) in
            if dataOnly { try file.syncData() } else { try file.sync() }
        }
        guard code == .ok, let folder = unsyncedFolder else { return code }
        return Self.code(.ioErrorSyncFolder) { () throws(VolumeError) in
            try folder.sync()
            unsyncedFolder = nil
        }
    }

    func size(_ size: inout Int64) -> SQLiteResultCode {
        Self.code(.ioErrorStatus) { () throws(VolumeError) in size = Int64(try file.size) }
    }

    /// What SQLite is told of a failure.
    static func code(
        _ failure: SQLiteResultCode,
        _ body: () throws(VolumeError) -> Void
    ) -> SQLiteResultCode {
        do throws(VolumeError) {
            try body()
            return .ok
        } catch {
            return error == .full ? .full : failure
        }
    }

    // MARK: Locks

    func lock(_ wanted: Int32) -> SQLiteResultCode {
        guard let shared else { return .ok }
        return shared.lock(identity, from: &level, to: wanted) ? .ok : .busy
    }

    func unlock(_ wanted: Int32) {
        shared?.unlock(identity, from: &level, to: wanted)
    }

    var isReserved: Bool { shared?.isReserved ?? false }

    // MARK: Shared memory

    func region(_ number: Int, size: Int, extending: Bool) -> UnsafeMutableRawPointer? {
        guard let shared else { return nil }
        if !isAttached {
            shared.attach()
            isAttached = true
        }
        return unsafe shared.region(number, size: size, extending: extending)
    }

    func lockMemory(_ slots: Range<Int>, _ flags: Int32) -> SQLiteResultCode {
        guard let shared else { return .ioErrorLock }
        let isExclusive = flags & SQLITE_SHM_EXCLUSIVE != 0
        if flags & SQLITE_SHM_UNLOCK != 0 {
            // SQLite may give up what it does not hold.
            let held = slots.filter { (isExclusive ? exclusiveSlots : sharedSlots).contains($0) }
            for slot in held { shared.unlockSlots(slot..<slot + 1, exclusively: isExclusive) }
            if isExclusive { exclusiveSlots.subtract(held) } else { sharedSlots.subtract(held) }
            return .ok
        }
        guard shared.lockSlots(slots, exclusively: isExclusive) else { return .busy }
        if isExclusive { exclusiveSlots.formUnion(slots) } else { sharedSlots.formUnion(slots) }
        return .ok
    }

    func barrier() {
        shared?.barrier()
    }

    func unmapMemory() -> SQLiteResultCode {
        guard isAttached, let shared else { return .ok }
        for slot in sharedSlots { shared.unlockSlots(slot..<slot + 1, exclusively: false) }
        for slot in exclusiveSlots { shared.unlockSlots(slot..<slot + 1, exclusively: true) }
        sharedSlots = []
        exclusiveSlots = []
        shared.detach()
        isAttached = false
        return .ok
    }
}
#endif
