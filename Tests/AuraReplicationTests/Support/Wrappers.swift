internal import AuraEffects
internal import Synchronization

/// Says `true` once.
final class OneTime: Sendable {
    private let happened = Mutex(false)

    var isFirst: Bool {
        happened.withLock { happened in
            defer { happened = true }
            return !happened
        }
    }
}

/// Calls a function before each operation of a handler.
struct Before: Interceptor {
    let name = "before"
    let action: @Sendable (EffectOperation) async throws(EffectError) -> Void

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        try await action(call.operation)
        return try await next()
    }
}

/// A journal with something done before each operation.
func intercepted(
    _ journal: any JournalEffects,
    time: any TimeEffects,
    _ action: @escaping @Sendable (EffectOperation) async throws(EffectError) -> Void
) -> any JournalEffects {
    var effects = EffectSystem()
    effects.time = time
    effects.journal = journal
    effects.intercept(JournalEffect.self, with: [Before(action: action)])
    return effects.journal
}
