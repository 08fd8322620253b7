internal import AuraEffects
internal import Synchronization

/// What the journals of all devices have acknowledged.
final class Ledger: Sendable {
    struct Line: Sendable, Hashable {
        var node: String
        var stream: StreamName
        var entry: EntryID
    }

    private let state = Mutex<[Line]>([])

    /// The entries in the order of their acknowledgements.
    var lines: [Line] { state.withLock { $0 } }

    func write(_ receipts: [AppendReceipt], of node: String) {
        state.withLock { lines in
            for receipt in receipts {
                lines += receipt.items.map { Line(node: node, stream: receipt.stream, entry: $0.id) }
            }
        }
    }
}

/// Writes down each receipt that a journal gives.
struct LedgerKeeper: Interceptor {
    let name = "ledger"
    private let ledger: Ledger
    private let node: String

    init(_ ledger: Ledger, node: String) {
        self.ledger = ledger
        self.node = node
    }

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        let answer = try await next()
        if let receipts = answer as? AnswerOf<[AppendReceipt]> { ledger.write(receipts.typed, of: node) }
        return answer
    }
}
