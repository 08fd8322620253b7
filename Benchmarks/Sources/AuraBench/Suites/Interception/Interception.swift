internal import AuraEffects
internal import AuraRuntime
internal import CoreMetrics
internal import Measuring
internal import Synchronization

extension Suite {
    static let interception = Suite(
        name: "interception",
        summary: "what surrounds a call costs: nothing, one interceptor, everything; metrics exposed, calls recorded"
    ) { scale in
        let reads = scale.count(100_000)
        return [
            InterceptedRead("bare", .ratio(atLeast: 0.97), reads: reads) { $0.intercept(StorageEffect.self) },
            InterceptedRead("one-observer", .excess(atMost: 60), reads: reads) { effects in
                effects.intercept(StorageEffect.self, observers: [Counting()])
            },
            InterceptedRead("one-interceptor", .excess(atMost: 60), reads: reads) { effects in
                effects.intercept(StorageEffect.self, with: [Counting()])
            },
            InterceptedRead("full-stack", .oursBelow(1000), reads: reads) { $0.surroundWithEverything() },
            PrometheusExposition(seriesCount: scale.count(10_000)),
            RecordedCalls(calls: scale.count(200_000), folder: scale.folder),
        ]
    }
}

extension EffectSystem {
    /// Metrics and tracing without backends, a policy with every part, and logging off: as a profile composes them.
    fileprivate mutating func surroundWithEverything() {
        let target = EffectTarget(effect: StorageEffect.name, handler: "memory")
        let policy = EffectPolicy().deadline(.seconds(60)).retry(.exponential(attempts: 5))
            .concurrency(ConcurrencyLimit(64, queue: 256))
            .breaker(CircuitBreakerPolicy()).attemptTimeout(.seconds(5))
        var interceptors: [any Interceptor] = []
        if let tracing = TracingInterceptor(of: target, time: time) { interceptors.append(tracing) }
        interceptors.append(
            PolicyInterceptor(
                PolicySettings(policy),
                of: target,
                operations: StorageEffect.operations,
                time: time,
                random: random,
                timer: PolicyTimer(time: time)
            )
        )
        intercept(
            StorageEffect.self,
            handler: target.handler,
            observers: [MetricsObserver(of: StorageEffect.operations)],
            with: interceptors
        )
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
