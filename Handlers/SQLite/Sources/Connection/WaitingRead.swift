#if SQLite
internal import AuraEffects

/// A read that waits for its session, which carries out several of them in one transaction.
// Safe to send: its answer is touched only on the session's executor.
class WaitingRead<State>: @unchecked Sendable {
    /// Whether it needs a transaction also where it is carried out alone.
    let needsTransaction: Bool

    fileprivate init(needsTransaction: Bool) {
        self.needsTransaction = needsTransaction
    }

    /// Carries the read out and keeps what it gives.
    func run(_ state: State) {
        preconditionFailure("A waiting read has a value.")
    }

    /// Keeps an error of the group in place of what the read would give.
    func fail(_ failure: SQLiteFailure) {
        preconditionFailure("A waiting read has a value.")
    }
}

/// A waiting read that gives a value.
final class WaitingValue<State, Value: Sendable>: WaitingRead<State>, @unchecked Sendable {
    private let place: SQLitePlace
    private let body: @Sendable (State) throws(EffectError) -> Value
    private var answer: Result<Value, EffectError>?

    init(
        at place: SQLitePlace,
        needsTransaction: Bool,
        _ body: @escaping @Sendable (State) throws(EffectError) -> Value
    ) {
        self.place = place
        self.body = body
        super.init(needsTransaction: needsTransaction)
    }

    override func run(_ state: State) {
        answer = Result { () throws(EffectError) in try body(state) }
    }

    override func fail(_ failure: SQLiteFailure) {
        answer = .failure(failure.effectError(at: place))
    }

    /// What the read gave, once it was carried out; afterwards it can wait again.
    func takeAnswer() -> Result<Value, EffectError>? {
        defer { answer = nil }
        return answer
    }
}
#endif
