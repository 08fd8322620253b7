internal import AuraEffects
internal import AuraRuntime

/// A change of a journal as it waits for the writer.
enum JournalWork: QueuedWork {
    /// What its caller gets.
    enum Answer: Sendable {
        case appended([AppendReceipt])
        case merged(MergeReceipt)
        case done
    }

    case append(PreparedAppend)
    case merge(JournalBatch)
    case save(JournalSnapshot)
    case compact(StreamName, before: Revision)

    var operation: String {
        switch self {
        case .append: "append"
        case .merge: "merge"
        case .save: "saveSnapshot"
        case .compact: "compact"
        }
    }

    private static let bytesPerEntry = 160

    var byteCount: Int {
        switch self {
        case .append(let append): append.byteCount
        case .merge(let batch):
            batch.entries.reduce(batch.snapshots.reduce(0) { $0 + $1.state.count }) {
                $0 + ($1.payload?.count ?? 0) + Self.bytesPerEntry
            }
        case .save(let snapshot): snapshot.state.count
        case .compact: Self.bytesPerEntry
        }
    }
}
