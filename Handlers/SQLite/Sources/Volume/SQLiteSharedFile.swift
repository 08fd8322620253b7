#if SQLite
internal import CSQLite
internal import Synchronization

/// What the connections on one database file share: its locks, and the memory of its write-ahead log's index.
///
/// Source: https://sqlite.org/src/doc/trunk/src/os_unix.c
final class SQLiteSharedFile: Sendable {
    // Safe: the regions are freed once nobody uses them, under the lock.
    @safe
    private struct State {
        /// Connections that hold the lock `SHARED` or more.
        var sharedCount = 0
        /// The connection that holds `RESERVED` or more.
        var writer: ObjectIdentifier?
        /// Whether the writer waits for the readers to go, or is alone.
        var isClosing = false
        var slots = Array(repeating: Slot(), count: Int(SQLITE_SHM_NLOCK))
        var regions: [UnsafeMutableRawPointer] = unsafe []
        var mappers = 0
    }

    private struct Slot {
        var sharedCount = 0
        var isExclusive = false
    }

    private let state = Mutex(State())

    deinit {
        state.withLock { state in Self.free(&state) }
    }

    private static func free(_ state: inout State) {
        for index in unsafe state.regions.indices { unsafe state.regions[index].deallocate() }
        unsafe state.regions = []
    }

    // MARK: The file's lock

    /// Raises a connection's lock.
    ///
    /// - Parameters:
    ///   - connection: The connection.
    ///   - level: What it holds, and then what it got.
    ///   - wanted: What it asks for.
    /// - Returns: Whether it got what it asked for; on the way to `EXCLUSIVE` it may have got `PENDING` instead.
    func lock(_ connection: ObjectIdentifier, from level: inout Int32, to wanted: Int32) -> Bool {
        guard level < wanted else { return true }
        let (isGranted, reached) = state.withLock { state -> (Bool, Int32) in
            if wanted == SQLITE_LOCK_SHARED {
                if state.isClosing { return (false, level) }
                state.sharedCount += 1
                return (true, wanted)
            }
            if let writer = state.writer, writer != connection { return (false, level) }
            state.writer = connection
            if wanted == SQLITE_LOCK_RESERVED { return (true, wanted) }
            state.isClosing = true
            return state.sharedCount == 1 ? (true, SQLITE_LOCK_EXCLUSIVE) : (false, SQLITE_LOCK_PENDING)
        }
        level = reached
        return isGranted
    }

    /// Lowers a connection's lock to `SHARED` or to none.
    func unlock(_ connection: ObjectIdentifier, from level: inout Int32, to wanted: Int32) {
        guard level > wanted else { return }
        state.withLock { state in
            if state.writer == connection {
                state.writer = nil
                state.isClosing = false
            }
            if wanted == SQLITE_LOCK_NONE { state.sharedCount -= 1 }
        }
        level = wanted
    }

    /// Whether a connection holds `RESERVED` or more.
    var isReserved: Bool { state.withLock { $0.writer != nil } }

    // MARK: The shared memory

    /// Joins those that use the shared memory.
    func attach() {
        state.withLock { $0.mappers += 1 }
    }

    /// Leaves them; the memory goes with the last.
    func detach() {
        state.withLock { state in
            state.mappers -= 1
            if state.mappers == 0 { Self.free(&state) }
        }
    }

    /// A region of the memory, made and filled with zeros where it is missing and `extending`; `nil` otherwise.
    func region(_ number: Int, size: Int, extending: Bool) -> UnsafeMutableRawPointer? {
        unsafe state.withLock { state in
            while unsafe state.regions.count <= number {
                guard extending else { return nil }
                let region = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
                unsafe region.initializeMemory(as: UInt8.self, repeating: 0, count: size)
                unsafe state.regions.append(region)
            }
            return unsafe state.regions[number]
        }
    }

    /// Takes slots of the memory's locks, all or none; what the connection holds itself must not be among them.
    func lockSlots(_ slots: Range<Int>, exclusively: Bool) -> Bool {
        state.withLock { state in
            let isFree = slots.allSatisfy { slot in
                !state.slots[slot].isExclusive && (!exclusively || state.slots[slot].sharedCount == 0)
            }
            guard isFree else { return false }
            for slot in slots {
                if exclusively { state.slots[slot].isExclusive = true } else { state.slots[slot].sharedCount += 1 }
            }
            return true
        }
    }

    /// Gives slots up.
    func unlockSlots(_ slots: Range<Int>, exclusively: Bool) {
        state.withLock { state in
            for slot in slots {
                if exclusively { state.slots[slot].isExclusive = false } else { state.slots[slot].sharedCount -= 1 }
            }
        }
    }

    /// Orders what was read and written before against what comes after.
    func barrier() {
        state.withLock { _ in }
    }
}
#endif
