public import AuraEffects

/// What an environment allows: handlers size caches, batches, pools and buffers by it.
///
/// Nothing is throttled.
public struct ResourceBudget: Sendable, Hashable {
    /// The most memory that the process should use.
    public var memoryLimit: ByteCount
    /// How many processor cores the process may keep busy, such as 0.3.
    public var cpuQuota: Double
    /// How fast the process should read and write.
    public var ioQuota: BytesPerSecond
    /// The journal's cache: memory ÷ 10, at least 64 KiB.
    public var journalCache: ByteCount
    /// The most bytes that one group of writes should hold: the I/O quota's bytes of 10 ms, at least 4 KiB.
    public var writeBatch: ByteCount
    /// Whether handlers do housekeeping on their own: where the CPU quota is above 0.5.
    public var backgroundCompaction: Bool
    /// How many connections a handler may open for reading: one per core of the CPU quota, between 1 and 8.
    public var readerCount: Int

    /// Derives a budget from limits.
    ///
    /// - Parameters:
    ///   - memoryLimit: The most memory that the process should use.
    ///   - cpuQuota: How many processor cores the process may keep busy.
    ///   - ioQuota: How fast the process should read and write.
    public init(memoryLimit: ByteCount, cpuQuota: Double, ioQuota: BytesPerSecond) {
        self.memoryLimit = memoryLimit
        self.cpuQuota = cpuQuota
        self.ioQuota = ioQuota
        journalCache = max(Self.leastCache, ByteCount(bytes: memoryLimit.bytes / 10))
        writeBatch = max(Self.leastBatch, ByteCount(bytes: ioQuota.bytesPerSecond / 100))
        backgroundCompaction = cpuQuota > 0.5
        readerCount = Int(min(8, max(1, cpuQuota.rounded(.up))))
    }

    /// Below this a cache costs more than it saves.
    private static let leastCache = ByteCount.kibibytes(64)
    /// A page of a database: smaller groups of writes sync the same page again and again.
    private static let leastBatch = ByteCount.kibibytes(4)
}
