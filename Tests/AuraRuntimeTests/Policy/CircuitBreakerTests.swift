internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

@testable internal import AuraRuntime

@Suite("Circuit breakers", .timeLimit(.minutes(5)))
struct CircuitBreakerTests {
    private let policy = EffectPolicy()
        .breaker(CircuitBreakerPolicy(failureRate: 0.5, window: .seconds(10), minimumCalls: 20, openFor: .seconds(5)))

    @Test("a thousand callers of a failing handler: the breaker opens, and calls fail in under a millisecond")
    func failsFast() async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw unavailable }
            // The retry does not wait for a breaker that is open.
            let storage = rig.storage(handler, policy.retry(.exponential(attempts: 5)).deadline(.seconds(60)))
            for _ in 0..<20 {
                await #expect(throws: EffectError.self) { try await storage.write([], to: "key", if: .absent) }
            }
            #expect(rig.events.changes == ["storage: closed to open"])
            let clock = SystemTimeHandler()
            let durations = await withTaskGroup(of: Duration.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        let start = clock.monotonicNow
                        let error = await storage.error()
                        #expect(error?.code == .unavailable)
                        return start.duration(to: clock.monotonicNow)
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(handler.calls.value == 20)
            // A loaded machine takes tasks off their processor meanwhile, the more of them the slower it is: what most
            // calls take tells.
            #expect(durations.sorted()[500] < .milliseconds(1))
        }
    }

    @Test("a refused call names the breaker and says when to come back")
    func message() async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw unavailable }
            let storage = rig.storage(handler, policy)
            for _ in 0..<20 { _ = await storage.error() }
            rig.time.advance(by: .seconds(2))
            let error = await storage.error()
            #expect(
                error?.description
                    == "storage.read (policy): unavailable: The circuit breaker 'storage' is open, since too many calls "
                    + "failed: calls fail at once until a probe succeeds; see why the handler fails."
            )
            #expect(error?.retryAfter == .seconds(3))
            #expect(error?.outcome == .notApplied)
        }
    }

    @Test("half-open, it lets exactly one of many concurrent callers through")
    func oneProbe() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { call throws(EffectError) in
                guard call <= 20 else { return await gate.wait() }
                throw unavailable
            }
            let storage = rig.storage(handler, policy)
            for _ in 0..<20 { _ = await storage.error() }
            rig.time.advance(by: .seconds(5))
            let endings = await withTaskGroup(of: Ending.self) { group in
                for _ in 0..<100 { group.addTask { await storage.ending() } }
                var endings: [Ending] = []
                for await ending in group {
                    endings.append(ending)
                    // The probe answers when all others have been refused.
                    if endings.count == 99 { gate.open() }
                }
                return endings
            }
            #expect(handler.calls.value == 21)
            #expect(endings.count { $0 == .answered } == 1)
            #expect(endings.last == .answered)
            #expect(await storage.ending() == .answered)
            #expect(
                rig.events.changes
                    == ["storage: closed to open", "storage: open to halfOpen", "storage: halfOpen to closed"]
            )
        }
    }

    @Test("a cancelled probe makes room for another, one without an answer opens the breaker again")
    func lostProbe() async throws {
        try await withRig { rig in
            let time = rig.time
            let handler = ScriptedStorage { call throws(EffectError) in
                guard call > 20 else { throw unavailable }
                if call < 23 { try await time.sleep(for: .seconds(1000)) }
            }
            let storage = rig.storage(handler, policy.attemptTimeout(.seconds(60)))
            for _ in 0..<20 { _ = await storage.error() }
            rig.time.advance(by: .seconds(5))
            let probe = Task { await storage.ending() }
            try await rig.time.waitForSleepers(2)
            probe.cancel()
            #expect(await probe.value == .failed(.cancelled, .notApplied))
            let second = Task { await storage.ending() }
            await eventually { handler.calls.value == 22 && rig.timer.count == 1 }
            await eventually { time.nextDeadline == MonotonicInstant(nanoseconds: 65_000_000_000) }
            rig.time.advance(by: .seconds(60))
            #expect(await second.value == .failed(.deadlineExceeded, .unknown))
            #expect(rig.events.changes.last == "storage: halfOpen to open")
            rig.time.advance(by: .seconds(5))
            #expect(await storage.ending() == .answered)
        }
    }

    @Test("a caller's mistakes open nothing")
    func mistakes() async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw EffectError(.preconditionFailed, "No.") }
            let storage = rig.storage(handler, policy)
            for _ in 0..<100 { #expect(await storage.ending() == .failed(.preconditionFailed, .notApplied)) }
            #expect(rig.events.changes.isEmpty)
        }
    }

    @Test("a refused call gives its permit back")
    func permit() async {
        await withRig { rig in
            let handler = ScriptedStorage { call throws(EffectError) in if call <= 20 { throw unavailable } }
            let storage = rig.storage(handler, policy.concurrency(1, queue: 0))
            for _ in 0..<20 { _ = await storage.error() }
            for _ in 0..<5 { #expect(await storage.ending() == .failed(.unavailable, .notApplied)) }
            rig.time.advance(by: .seconds(5))
            #expect(await storage.ending() == .answered)
        }
    }

    @Test("the handler's operations share a breaker; one with a breaker of its own does not")
    func sharing() async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw unavailable }
            let own = CircuitBreakerPolicy(minimumCalls: 2)
            let settings = PolicySettings(policy)
                .refined(StorageEffectsOperations.read, by: EffectPolicy().breaker(own))
            let storage = rig.storage(handler, settings)
            for _ in 0..<2 { _ = await storage.error() }
            #expect(rig.events.changes == ["storage.read: closed to open"])
            await #expect(throws: EffectError.self) { try await storage.write([], to: "key", if: .none) }
            #expect(handler.calls.value == 3, "Writing is still let through.")
        }
    }
}
