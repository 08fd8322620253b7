internal import Synchronization

/// The spans that have ended and were not sent; up to a limit, beyond which further ones are dropped and counted.
final class OTLPSpanQueue: Sendable {
    private let capacity: Int
    private let batchSize: Int
    private let state = Mutex<(spans: [OTLPSpanRecord], dropped: Int)>(([], 0))
    /// Tells that a batch is there.
    let signal = ChangeSignal()

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - capacity: The most spans that wait.
    ///   - batchSize: From how many on it is told that a batch is there.
    init(capacity: Int, batchSize: Int) {
        self.capacity = capacity
        self.batchSize = batchSize
    }

    var hasBatch: Bool { state.withLock { $0.spans.count >= batchSize } }

    /// Leaves a span to be sent, and never waits.
    func add(_ span: OTLPSpanRecord) {
        let isBatch = state.withLock { state in
            guard state.spans.count < capacity else {
                state.dropped += 1
                return false
            }
            state.spans.append(span)
            return state.spans.count == batchSize
        }
        if isBatch { signal.notify() }
    }

    /// Takes the oldest spans, at most a batch of them.
    ///
    /// - Returns: The spans, and how many were dropped since the last call.
    func take() -> (spans: [OTLPSpanRecord], dropped: Int) {
        state.withLock { state in
            let spans = Array(state.spans.prefix(batchSize))
            state.spans.removeFirst(spans.count)
            defer { state.dropped = 0 }
            return (spans, state.dropped)
        }
    }
}
