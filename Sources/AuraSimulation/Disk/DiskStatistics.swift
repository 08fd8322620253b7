/// What happened on a ``SimulatedDisk``: operations and the faults that were put in.
public struct DiskStatistics: Sendable, Hashable {
    /// All operations, also those that failed.
    public var operations = 0
    /// Reads of files.
    public var reads = 0
    /// Writes and truncations of files.
    public var writes = 0
    /// Syncs of files and folders.
    public var syncs = 0
    /// Openings, makings, renamings and removals of files and folders.
    public var names = 0
    /// Operations that failed because a fault said so.
    public var errors = 0
    /// Writes that were refused because the disk was full.
    public var refusedAsFull = 0
    /// Bits that were flipped.
    public var flippedBits = 0
    /// Operations that were slow.
    public var slowOperations = 0
    /// Power failures.
    public var crashes = 0
    /// Unsynced writes of a sector that a power failure has undone.
    public var lostSectors = 0
    /// Writes over several sectors of which a power failure has left a part.
    public var tornWrites = 0
    /// Unsynced makings, renamings and removals of names that a power failure has undone.
    public var lostNames = 0
    /// Sectors that a failed sync has forgotten.
    public var forgottenSectors = 0
    /// Syncs that made nothing durable.
    public var lyingSyncs = 0

    /// Creates the statistics of a disk on which nothing happened.
    public init() {}
}

/// A kind of operation on a ``SimulatedDisk``.
public enum DiskOperation: String, Sendable, Hashable, CaseIterable {
    /// A read of a file or of a folder's names.
    case read
    /// A write or truncation of a file.
    case write
    /// A sync of a file or folder.
    case sync
    /// The opening, making, renaming or removing of a file or folder.
    case name
}
