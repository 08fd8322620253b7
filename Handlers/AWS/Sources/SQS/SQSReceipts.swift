#if AWS
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A receipt: SQS's handle, with the queue that it is of, and until when it counts.
///
/// SQS itself takes handles whose time is over, and removes messages that others have by now.
struct SQSReceipt: Sendable {
    var source: QueueSource
    /// When the time is over unless it was changed.
    var ends: WallTime
    var handle: String

    /// The receipt as callers keep it.
    var receipt: MessageReceipt {
        MessageReceipt(rawValue: "\(source.rawValue)/\(ends.nanosecondsSinceEpoch)/\(handle)")
    }

    init(source: QueueSource, ends: WallTime, handle: String) {
        self.source = source
        self.ends = ends
        self.handle = handle
    }

    /// Reads a receipt; `nil` for one of another handler.
    init?(_ receipt: MessageReceipt) {
        let parts = receipt.rawValue.split(separator: "/", maxSplits: 2)
        guard parts.count == 3, let source = QueueSource(rawValue: String(parts[0])), let ends = Int64(parts[1]) else {
            return nil
        }
        self.source = source
        self.ends = WallTime(nanosecondsSinceEpoch: ends)
        handle = String(parts[2])
    }
}

extension WallTime {
    /// The moment that lies so much later, cut at the limits of `Int64`.
    func later(by duration: Duration) -> WallTime {
        let step = duration.nanoseconds
        let (sum, isOver) = nanosecondsSinceEpoch.addingReportingOverflow(step)
        return WallTime(nanosecondsSinceEpoch: isOver ? (step < 0 ? .min : .max) : sum)
    }
}

/// Until when receipts count whose time was changed.
final class SQSReceiptTimes: Sendable {
    private struct Change {
        var ends: WallTime
        /// When nobody needs to know of the change any more.
        var isKnownUntil: WallTime
    }

    private let changes = Mutex<[MessageReceipt: Change]>([:])
    /// So many changes are known before those that are over are looked for.
    private static let mostChanges = 1024

    /// Whether a receipt still counts.
    func counts(_ receipt: SQSReceipt, at now: WallTime) -> Bool {
        let ends = changes.withLock { $0[receipt.receipt]?.ends } ?? receipt.ends
        return now.nanosecondsSinceEpoch < ends.nanosecondsSinceEpoch
    }

    /// Notes that the time of a receipt is another one.
    func change(_ receipt: SQSReceipt, to ends: WallTime, at now: WallTime) {
        let known = max(ends.nanosecondsSinceEpoch, receipt.ends.nanosecondsSinceEpoch)
        changes.withLock { changes in
            if changes.count >= Self.mostChanges {
                changes = changes.filter { $0.value.isKnownUntil.nanosecondsSinceEpoch > now.nanosecondsSinceEpoch }
            }
            changes[receipt.receipt] = Change(ends: ends, isKnownUntil: WallTime(nanosecondsSinceEpoch: known))
        }
    }
}
#endif
