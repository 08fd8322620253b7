#if SQLite
public import AuraEffects
public import AuraRuntime

/// How a database file is opened.
public struct SQLiteConfiguration: Sendable, Hashable {
    /// When a commit counts as done.
    public enum Synchronous: String, Sendable, Hashable, CaseIterable {
        /// Once it is synced to disk.
        case full
        /// Once the operating system has it: a crash of the machine may lose the last commits, in order.
        case normal
        /// Like `normal`, and checkpoints do not sync either: a crash of the machine may damage the file.
        case off
    }

    /// The file's path; missing folders are made, readable by the owner alone.
    public var path: String
    /// When a commit counts as done.
    public var synchronous: Synchronous
    /// The page cache of all connections together.
    public var cache: ByteCount
    /// The most bytes that one group of appends or writes holds; a larger one is a group of its own.
    public var batch: ByteCount
    /// The most appends or writes that wait; one more is refused.
    public var queueLength: Int
    /// How many connections read.
    public var readerCount: Int
    /// How long a write waits for another process that holds the file's lock.
    public var lockTimeout: Duration
    /// How often a journal's subscribers look for what other processes have committed.
    public var pollInterval: Duration
    /// Whether free pages are given back to the file system when the handler stops.
    public var vacuumsOnClose: Bool
    /// Whether the handler does housekeeping on its own: checkpoints and statistics.
    public var doesHousekeeping: Bool

    /// Creates a configuration whose sizes come from a budget.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - budget: Gives cache, batch, readers and housekeeping.
    public init(path: String, budget: ResourceBudget) {
        self.path = path
        synchronous = .full
        cache = budget.journalCache
        batch = budget.writeBatch
        queueLength = 4096
        readerCount = budget.readerCount
        lockTimeout = .seconds(30)
        pollInterval = .milliseconds(20)
        vacuumsOnClose = false
        doesHousekeeping = budget.backgroundCompaction
    }

    /// A queue of what waits to be committed in groups.
    func workQueue<Work: QueuedWork>(
        of noun: String,
        errors: HandlerErrors,
        metrics: HandlerMetrics
    ) -> WorkQueue<Work> {
        WorkQueue(
            of: noun,
            countLimit: queueLength,
            byteLimit: max(cache.bytes, batch.bytes),
            errors: errors,
            metrics: metrics.queue(noun)
        )
    }

    /// After how many pages of 4 KiB in the write-ahead log they are moved into the database.
    ///
    /// Between SQLite's own choice of 1000 and 64 MiB: each page is written a second time then, the fewer the more of its
    /// changes the log has gathered.
    var checkpointPages: Int { min(16_000, max(1000, cache.bytes / 4 / 4096)) }

    /// The page cache of one connection: the writer has half, the readers share the rest.
    func cacheSize(isWriter: Bool) -> ByteCount {
        ByteCount(bytes: max(64 * 1024, isWriter ? cache.bytes / 2 : cache.bytes / 2 / readerCount))
    }
}
#endif
