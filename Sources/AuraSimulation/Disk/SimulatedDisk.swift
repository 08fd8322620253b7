public import AuraRuntime
internal import Synchronization

/// A disk in memory with the file system on it, which loses what was not synced when its machine crashes, and fails as disks
/// do, by a seed.
///
/// A machine's handlers reach it through ``mount()``, whose volume goes into ``HandlerContext/volume``:
///
/// ```swift
/// let disk = SimulatedDisk(seed: 1)
/// context.volume = disk.mount()
/// let journal = try await SQLiteJournalHandler.open(configuration, context)
/// …
/// disk.crash()
/// // What was open fails from here on. The machine starts anew:
/// context.volume = disk.mount()
/// ```
///
/// What it promises is what POSIX promises, and what it may do is what file systems with a journal do:
///
/// - A write goes to the system's memory, where every reader sees it. ``VolumeFile/sync()`` makes what the file holds durable.
/// - A power failure leaves of each *sector* one of the states that it has gone through since it was durable, whatever becomes
///   of the sectors beside it: a write over several sectors may be torn, and a later write may survive an earlier one of
///   another sector. A file may be shorter than it was, and hold zeros where a write before its end was lost.
/// - Truncations survive in their order, and what was written into the room that a lost one had made is lost with it.
/// - A name that was made, renamed or removed is durable once its folder was synced. A power failure undoes the last of the
///   changes of a folder that are not, any number of them; each is atomic. Syncing a file does not make its name durable.
/// - Files have no times, permissions, links to paths, or holes: zeros take room like other bytes.
///
/// The same calls in the same order with the same seed give the same results. Calls from several threads are safe; their
/// order is then not the disk's.
public final class SimulatedDisk: Sendable {
    private let state: Mutex<DiskState>
    private let delay: (@Sendable (Duration) -> Void)?
    private let powerFailed = Mutex<(@Sendable () -> Void)?>(nil)

    /// Creates an empty disk.
    ///
    /// - Parameters:
    ///   - seed: What chance decides by.
    ///   - configuration: Its sectors, room and speed.
    ///   - delay: Told after each operation how long it takes, on the caller's thread; not called for none.
    public init(
        seed: UInt64,
        configuration: DiskConfiguration = DiskConfiguration(),
        delay: (@Sendable (Duration) -> Void)? = nil
    ) {
        state = Mutex(DiskState(seed: seed, configuration))
        self.delay = delay
    }

    /// The disk as handlers of the machine see it that runs now; it fails once that run has ended.
    public func mount() -> any FileVolume {
        SimulatedVolume(self, generation: state.withLock { $0.generation })
    }

    // MARK: Ends of the machine's run

    /// Ends the machine's run by a power failure: what was not synced is lost, wholly or in part.
    ///
    /// Volumes that were mounted, what is open on them, and locks are gone; calls on them fail.
    public func crash() {
        state.withLock { $0.crash() }
    }

    /// Ends every process of the machine without a power failure, as `kill -9` would: nothing that was written is lost.
    ///
    /// Volumes that were mounted, what is open on them, and locks are gone; calls on them fail.
    public func endProcesses() {
        state.withLock { $0.endRun() }
    }

    /// Lets the power fail during an operation to come.
    ///
    /// - Parameter count: Which operation it is, counted from the next one, which is 1.
    public func crash(atOperation count: Int) {
        state.withLock { $0.operationsLeft = count }
    }

    /// Calls `body` whenever the power has failed during an operation, before that returns.
    func whenPowerFails(_ body: @escaping @Sendable () -> Void) {
        powerFailed.withLock { $0 = body }
    }

    // MARK: Faults

    /// What goes wrong from now on.
    public var faults: DiskFaults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    /// The most bytes that files take from now on; `nil` for a disk that is never full.
    public var capacity: Int? {
        get { state.withLock { $0.capacity } }
        set { state.withLock { $0.capacity = newValue } }
    }

    /// Lets the next operations of a kind fail.
    ///
    /// - Parameters:
    ///   - operation: The kind.
    ///   - count: How many of them.
    public func fail(next operation: DiskOperation, count: Int = 1) {
        state.withLock { $0.failuresDue[operation, default: 0] += count }
    }

    /// Flips a bit of a file, on the disk and without an error.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - offset: The byte's place in the file.
    ///   - bit: The bit's place in the byte.
    /// - Returns: Whether there is such a byte, and it is durable.
    @discardableResult
    public func flipBit(of path: String, at offset: Int, bit: Int = 0) -> Bool {
        state.withLock { state in
            guard let number = Self.number(of: path, in: state), state.files[number]?.flip(bit: bit, at: offset) == true
            else { return false }
            state.statistics.flippedBits += 1
            return true
        }
    }

    // MARK: Looking at the disk

    /// What happened so far.
    public var statistics: DiskStatistics {
        state.withLock { $0.statistics }
    }

    /// A number that depends on every operation so far, its kind, file, place and size, and not on the bytes.
    ///
    /// It is the same in two runs that do the same, also where SQLite draws numbers that differ from run to run.
    public var history: UInt64 {
        state.withLock { $0.history }
    }

    /// A number that depends on everything that is durable now, names and bytes, and on nothing else.
    public var fingerprint: UInt64 {
        state.withLock { $0.fingerprint() }
    }

    /// The paths of all files, sorted by name in each folder.
    public var paths: [String] {
        state.withLock { state in
            var paths: [String] = []
            state.visit { path, _, isFolder in if !isFolder { paths.append(path) } }
            return paths
        }
    }

    /// What a file holds, synced or not; `nil` where there is no such file.
    public func contents(of path: String) -> [UInt8]? {
        state.withLock { state in Self.number(of: path, in: state).flatMap { state.files[$0]?.bytes } }
    }

    private static func number(of path: String, in state: DiskState) -> UInt64? {
        var number = DiskState.rootNumber
        for name in path.split(separator: "/") {
            guard let found = state.folders[number]?.entries[String(name)] else { return nil }
            number = found
        }
        return number
    }

    // MARK: What volumes do

    func perform<Result: Sendable>(
        _ operation: DiskOperation,
        in generation: Int,
        _ body: (inout DiskState) throws(VolumeError) -> Result
    ) throws(VolumeError) -> Result {
        let (result, duration, hasFailed) = state.withLock { state in
            let wasRunning = generation == state.generation
            let (result, duration) = state.run(operation, in: generation, body)
            return (result, duration, wasRunning && generation != state.generation)
        }
        if duration > .zero { delay?(duration) }
        if hasFailed { powerFailed.withLock { $0 }?() }
        return try result.get()
    }

    /// What is done without an operation of the disk; nothing where the run has ended.
    private func withRun(_ generation: Int, _ body: (inout DiskState) -> Void) {
        state.withLock { state in
            if state.generation == generation { body(&state) }
        }
    }

    func unlock(_ number: UInt64, _ opening: UInt64, in generation: Int) {
        withRun(generation) { $0.unlock(number, for: opening) }
    }

    func close(_ number: UInt64, _ opening: UInt64, in generation: Int) {
        withRun(generation) { $0.close(number, opening) }
    }
}
