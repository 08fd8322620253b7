internal import Synchronization

/// Estimates how many entries fill a batch from those that were sent last.
final class EntrySize: Sendable {
    private static let leastEntries = 16

    private let bytesPerEntry = Mutex(512)

    func note(entries: Int, bytes: Int) {
        guard entries > 0 else { return }
        bytesPerEntry.withLock { $0 = max(1, ($0 + bytes / entries) / 2) }
    }

    /// A few more than fit: what does not is read again for the next batch.
    func entryCount(in bytes: Int, most: Int) -> Int {
        let expected = bytesPerEntry.withLock { bytes / $0 }
        return min(most, max(Self.leastEntries, expected + expected / 8))
    }
}
