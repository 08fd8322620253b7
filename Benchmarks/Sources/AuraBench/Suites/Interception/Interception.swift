internal import AuraEffects
internal import Synchronization

extension Suite {
    static let interception = Suite(
        name: "interception",
        summary: "what surrounds a call costs: nothing, one interceptor, everything"
    ) { scale in
        let reads = scale.count(100_000)
        return [
            InterceptedRead("bare", .ratio(atLeast: 0.97), reads: reads) { effects in
                effects.intercept(StorageEffect.self)
            },
            InterceptedRead("one-observer", .excess(atMost: 60), reads: reads) { effects in
                effects.intercept(StorageEffect.self, observers: [Counting()])
            },
            InterceptedRead("one-interceptor", .excess(atMost: 60), reads: reads) { effects in
                effects.intercept(StorageEffect.self, with: [Counting()])
            },
        ]
    }
}

/// Counts calls: the least that an observer or an interceptor can do.
private final class Counting: EffectObserver, Interceptor {
    let name = "counting"
    private let count = Atomic(0)

    func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {
        count.wrappingAdd(1, ordering: .relaxed)
    }

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        count.wrappingAdd(1, ordering: .relaxed)
        return try await next()
    }
}
