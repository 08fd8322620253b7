/// How a ``SimulatedDisk`` is made.
public struct DiskConfiguration: Sendable, Hashable {
    /// The bytes that the disk writes wholly or not at all, unless ``tearsSectors`` says otherwise.
    public var sectorSize = 512
    /// Whether a sector that is being written when the power fails may hold some of its new bytes and some of its old ones.
    ///
    /// Disks promise that it does not.
    public var tearsSectors = false
    /// The most bytes that files take; `nil` for a disk that is never full.
    public var capacity: Int?
    /// How many unsynced bytes of one file the system keeps before it writes them to disk on its own.
    public var unsyncedLimit = 4 << 20
    /// How long operations take.
    public var latency = DiskLatency()

    /// Creates the configuration of a disk that is never full and takes no time.
    public init() {}
}

/// How long the operations of a ``SimulatedDisk`` take.
public struct DiskLatency: Sendable, Hashable {
    /// A read.
    public var read = Duration.zero
    /// A write, which goes to the system's memory.
    public var write = Duration.zero
    /// A sync of a file or folder.
    public var sync = Duration.zero

    /// Creates the latency of a disk that takes no time.
    public init() {}
}

/// What goes wrong on a ``SimulatedDisk``, as chances from 0 to 1.
///
/// Every fault but ``liesAboutSync`` is one that a handler must bear: what it has acknowledged is there after it, or it says
/// that it is damaged.
public struct DiskFaults: Sendable, Hashable {
    /// That a read fails.
    public var readError = 0.0
    /// That a write fails; a part of its sectors may be written.
    public var writeError = 0.0
    /// That a sync of a file or folder fails; some of what it was asked to sync may be durable then.
    public var syncError = 0.0
    /// That the opening, making, renaming or removing of a file or folder fails.
    public var nameError = 0.0
    /// Whether a sync of a file that failed forgets what was not durable, as Linux does.
    ///
    /// Reads still see it until a crash, and no later sync makes it durable. Otherwise the next sync tries again.
    public var failedSyncForgets = true
    /// That a read finds one more of the bits flipped that it reads: on the disk, for good and without an error.
    public var flippedBit = 0.0
    /// That an operation is slow.
    public var slow = 0.0
    /// How much longer a slow operation takes.
    public var slowness = Duration.milliseconds(500)
    /// Whether a sync returns without having made anything durable.
    ///
    /// No handler can bear that: it shows that a test notices what is lost.
    public var liesAboutSync = false

    /// Creates faults, none of which happens.
    public init() {}
}
