public import AuraEffects
public import AuraRuntime

/// How a storage on files is opened.
public struct FileSystemConfiguration: Sendable, Hashable {
    /// When a write counts as done.
    public enum Synchronous: String, Sendable, Hashable, CaseIterable {
        /// Once it is synced to disk.
        case full
        /// Once the operating system has it: a crash of the machine may lose the last writes, in order.
        case normal
    }

    /// The storage's folder; missing folders are made, readable by the owner alone.
    public var path: String
    /// When a write counts as done.
    public var synchronous: Synchronous
    /// How large the log becomes before its values are moved to files of their own.
    public var log: ByteCount
    /// The most bytes that one group of writes holds; a write that is larger is a group of its own.
    public var batch: ByteCount
    /// The most writes that wait; one more is refused.
    public var queueLength: Int
    /// How many threads read.
    public var readerCount: Int
    /// How long a write waits for another process that holds the storage's lock.
    public var lockTimeout: Duration

    /// Creates a configuration whose sizes come from a budget.
    ///
    /// - Parameters:
    ///   - path: The storage's folder.
    ///   - budget: Gives the log, batch and readers.
    public init(path: String, budget: ResourceBudget) {
        self.path = path
        synchronous = .full
        log = max(.kibibytes(256), ByteCount(bytes: budget.journalCache.bytes / 4))
        batch = budget.writeBatch
        queueLength = 4096
        readerCount = budget.readerCount
        lockTimeout = .seconds(30)
    }
}
