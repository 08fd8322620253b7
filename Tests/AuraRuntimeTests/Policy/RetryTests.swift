internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraRuntime

@Suite("Retrying", .timeLimit(.minutes(5)))
struct RetryTests {
    private let fixed = EffectPolicy().retry(.fixed(.seconds(1), attempts: 4))

    @Test("a failed idempotent call is tried again until it succeeds")
    func succeeds() async {
        await withRig { rig in
            let handler = ScriptedStorage { call throws(EffectError) in if call < 3 { throw unavailable } }
            let storage = rig.storage(handler, fixed)
            async let ending = storage.ending()
            await rig.advance(toWake: 1)
            await rig.advance(toWake: 2)
            #expect(await ending == .answered)
            #expect(handler.calls.value == 3)
            #expect(
                rig.events.retries == [
                    PolicyEvents.Retry(attempt: 1, delay: .seconds(1), code: .unavailable),
                    PolicyEvents.Retry(attempt: 2, delay: .seconds(1), code: .unavailable),
                ]
            )
        }
    }

    @Test("the last attempt's error is the call's")
    func fails() async {
        await withRig { rig in
            let handler = ScriptedStorage { call throws(EffectError) in
                throw EffectError(call == 4 ? .throttled : .unavailable, "Attempt \(call).")
            }
            let storage = rig.storage(handler, fixed)
            async let error = storage.error()
            for second in 1...3 { await rig.advance(toWake: Double(second)) }
            #expect(await error?.message == "Attempt 4.")
            #expect(handler.calls.value == 4)
        }
    }

    @Test("a call that is not idempotent is never repeated")
    func notIdempotent() async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw unavailable }
            let storage = rig.storage(handler, EffectPolicy().retry(.fixed(.zero, attempts: 4)))
            await #expect(throws: EffectError.self) { try await storage.write([], to: "key", if: .absent) }
            #expect(handler.calls.value == 1)
            await #expect(throws: EffectError.self) { try await storage.write([], to: "key", if: .none) }
            #expect(handler.calls.value == 5)
        }
    }

    @Test("a change under a condition is repeated once it was throttled, unless it may have happened")
    func refusedChange() async {
        await withRig { rig in
            let handler = ScriptedStorage { call throws(EffectError) in
                if call != 3 { throw EffectError(.throttled, "Slow down.", outcome: call > 4 ? .unknown : .notApplied) }
            }
            let storage = rig.storage(handler, EffectPolicy().retry(.fixed(.zero, attempts: 4)))
            _ = try? await storage.write([], to: "key", if: .absent)
            #expect(handler.calls.value == 3)
            let error = await #expect(throws: EffectError.self) { try await storage.write([], to: "key", if: .absent) }
            #expect(error?.outcome == .unknown && handler.calls.value == 5)
        }
    }

    @Test("a call whose arguments are used up is not repeated, though it was throttled")
    func usedUp() async {
        await withRig { rig in
            let calls = CallCounter()
            let chain = InterceptorChain(
                of: EffectTarget(effect: "storage"),
                interceptors: [rig.interceptor(EffectPolicy().retry(.fixed(.zero, attempts: 3)))],
                time: rig.time
            )
            for (isRepeatable, count) in [(false, 1), (true, 4)] {
                let call = chain.call(StorageEffectsOperations.write, isRepeatable: isRepeatable)
                await #expect(throws: EffectError.self) {
                    try await chain.perform(call) { () async throws(EffectError) -> Int in
                        calls.increment()
                        throw EffectError(.throttled, "Slow down.")
                    }
                }
                #expect(calls.value == count)
            }
        }
    }

    @Test(
        "an error that is not retryable is the call's",
        arguments: [EffectError.Code.notFound, .conflict, .preconditionFailed, .cancelled, .internal]
    )
    func notRetryable(code: EffectError.Code) async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw EffectError(code, "No.") }
            let storage = rig.storage(handler, EffectPolicy().retry(.fixed(.zero, attempts: 4)))
            #expect(await storage.ending() == .failed(code, .notApplied))
            #expect(handler.calls.value == 1)
        }
    }

    @Test("the deadline holds for all attempts together: a repetition that it would not see is not begun")
    func deadline() async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw unavailable }
            let storage = rig.storage(handler, fixed.deadline(.milliseconds(2500)))
            async let ending = storage.ending()
            await rig.advance(toWake: 1)
            await rig.advance(toWake: 2)
            // The third repetition would begin after three seconds: nobody waits for the deadline to say no.
            #expect(await ending == .failed(.unavailable, .notApplied))
            #expect(rig.time.monotonicNow == MonotonicInstant(nanoseconds: 2_000_000_000))
            #expect(handler.calls.value == 3)
        }
    }

    @Test("a server's retry-after is kept to, and not waited for beyond the deadline")
    func retryAfter() async {
        await withRig { rig in
            let handler = ScriptedStorage { call throws(EffectError) in
                throw EffectError(.throttled, "Slow down.", retryAfter: call == 1 ? .seconds(7) : .seconds(60))
            }
            let storage = rig.storage(handler, fixed.deadline(.seconds(30)))
            async let error = storage.error()
            await rig.advance(toWake: 7)
            #expect(await error?.retryAfter == .seconds(60))
            #expect(handler.calls.value == 2)
        }
    }

    @Test("once an attempt's outcome is unknown, so is the call's")
    func unknownOutcome() async {
        await withRig { rig in
            let handler = ScriptedStorage { call throws(EffectError) in
                throw EffectError(.unavailable, "Lost.", outcome: call == 1 ? .unknown : .notApplied)
            }
            let storage = rig.storage(handler, EffectPolicy().retry(.fixed(.zero, attempts: 2)))
            #expect(await storage.ending() == .failed(.unavailable, .unknown))
        }
    }

    @Test("cancelled between two attempts, a call ends at once and says why it was there")
    func cancelledInPause() async throws {
        try await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw unavailable }
            let storage = rig.storage(handler, fixed.concurrency(1, queue: 0))
            let task = Task { await storage.error() }
            try await rig.time.waitForSleepers(1)
            // The pause holds no permit: a call that is not repeated gets through meanwhile.
            let other = await #expect(throws: EffectError.self) {
                try await storage.write([], to: "key", if: .absent)
            }
            #expect(other?.code == .unavailable)
            task.cancel()
            let error = try #require(await task.value)
            #expect(error.code == .cancelled)
            #expect(error.message.hasSuffix("the last one failed: unavailable."))
            #expect((error.cause as? EffectError)?.code == .unavailable)
        }
    }

    @Test("a thousand callers of a failing handler add fifty repetitions at most")
    func budget() async {
        await withRig { rig in
            let handler = ScriptedStorage { _ throws(EffectError) in throw unavailable }
            let storage = rig.storage(handler, EffectPolicy().retry(.fixed(.zero, attempts: 5)))
            await withTaskGroup { group in
                for _ in 0..<1000 { group.addTask { _ = await storage.error() } }
            }
            // A call that had used up its five attempts leaves what it might have taken.
            #expect((1010...1049).contains(handler.calls.value))
        }
    }
}
