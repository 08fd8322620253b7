internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

@testable internal import AuraRuntime

@Suite("Policies under load", .timeLimit(.minutes(5)))
struct PolicyStressTests {
    @Test(
        "with everything on and real time, every call ends, and nothing is left over",
        arguments: 1...3 as ClosedRange<UInt64>
    )
    func everything(seed: UInt64) async {
        let time = SystemTimeHandler()
        let timer = PolicyTimer(time: time)
        let runner = Task { await timer.run() }
        let random = SeededRandomHandler(seed: seed)
        let handler = ScriptedStorage { _ throws(EffectError) in
            switch random.nextUInt64() % 10 {
            case 0: throw unavailable
            case 1: throw EffectError(.notFound, "No.")
            case 2: try await time.sleep(for: .microseconds(200))
            case 3: try await time.sleep(for: .milliseconds(20))
            case 4: await Task.yield()
            default: break
            }
        }
        let policy = EffectPolicy()
            .deadline(.milliseconds(50))
            .attemptTimeout(.milliseconds(2))
            .retry(.exponential(attempts: 3, base: .microseconds(100), maximum: .milliseconds(1)))
            .concurrency(8, queue: 40)
            .breaker(CircuitBreakerPolicy(failureRate: 0.9, openFor: .milliseconds(1)))
        var effects = EffectSystem()
        effects.time = time
        effects.storage = handler
        let interceptor = PolicyInterceptor(
            PolicySettings(policy),
            of: EffectTarget(effect: "storage"),
            operations: StorageEffectsOperations.all,
            time: time,
            random: random,
            timer: timer
        )
        effects.intercept(StorageEffect.self, with: [interceptor])
        let storage = effects.storage
        let allowed: Set<EffectError.Code> = [
            .unavailable, .notFound, .deadlineExceeded, .resourceExhausted, .cancelled,
        ]
        await withTaskGroup { group in
            for number in 0..<1500 {
                group.addTask {
                    let task = Task { await storage.error()?.code }
                    if number % 5 == 0 { task.cancel() }
                    if let code = await task.value { #expect(allowed.contains(code)) }
                }
            }
        }
        let load = interceptor.policies[StorageEffectsOperations.read.index]?.limiter?.load
        #expect(load?.underWay == 0)
        #expect(load?.waiting == 0)
        #expect(timer.count == 0)
        timer.stop()
        await runner.value
    }
}
