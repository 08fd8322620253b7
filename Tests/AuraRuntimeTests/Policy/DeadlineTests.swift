internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraRuntime

@Suite("Deadlines", .timeLimit(.minutes(5)))
struct DeadlineTests {
    @Test(
        "a handler that never answers: the caller gets 'deadlineExceeded', its task is cancelled, its permit released"
    )
    func neverAnswers() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { call throws(EffectError) in if call == 1 { await gate.wait() } }
            let storage = rig.storage(handler, EffectPolicy().deadline(.seconds(60)).concurrency(1, queue: 0))
            async let ending = storage.ending()
            await rig.advance(toWake: 60)
            #expect(await ending == .failed(.deadlineExceeded, .unknown))
            await eventually { gate.cancelled == 1 }
            #expect(gate.waiting == 1, "The attempt was left behind.")
            #expect(await storage.ending() == .answered, "The permit is free again.")
            #expect(rig.timer.count == 0)
            gate.open()
        }
    }

    @Test("a cancelled call is waited for until its handler answers, or the deadline")
    func cancelled() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { _ throws(EffectError) in await gate.wait() }
            let storage = rig.storage(handler, EffectPolicy().deadline(.seconds(60)))
            let answered = Task { await storage.ending() }
            await eventually { gate.waiting == 1 }
            answered.cancel()
            await eventually { gate.cancelled == 1 }
            gate.letOneThrough()
            #expect(await answered.value == .answered, "Only the handler knows whether it withdrew.")
            let silent = Task { await storage.ending() }
            await eventually { gate.waiting == 1 }
            silent.cancel()
            await rig.advance(toWake: 60)
            #expect(await silent.value == .failed(.deadlineExceeded, .unknown))
            gate.open()
        }
    }

    @Test("the caller's cancellation reaches the attempt, also where it came before")
    func cancellationReachesTheAttempt() async throws {
        try await withRig { rig in
            let time = rig.time
            let handler = ScriptedStorage { _ throws(EffectError) in try await time.sleep(for: .seconds(1000)) }
            let storage = rig.storage(handler, EffectPolicy().deadline(.seconds(60)).attemptTimeout(.seconds(30)))
            let task = Task { await storage.ending() }
            // The handler and the timer.
            try await rig.time.waitForSleepers(2)
            task.cancel()
            #expect(await task.value == .failed(.cancelled, .notApplied))
            let gate = Gate()
            let late = Task {
                await gate.wait()
                return await storage.ending()
            }
            late.cancel()
            gate.open()
            #expect(await late.value == .failed(.cancelled, .notApplied))
            #expect(rig.timer.count == 0)
        }
    }

    @Test("each attempt has its timeout, and is repeated after it")
    func attemptTimeout() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { call throws(EffectError) in if call < 3 { await gate.wait() } }
            let policy = EffectPolicy().attemptTimeout(.seconds(5)).retry(.fixed(.seconds(1), attempts: 3))
            let storage = rig.storage(handler, policy)
            async let ending = storage.ending()
            for second in [5.0, 6, 11, 12] { await rig.advance(toWake: second) }
            #expect(await ending == .answered)
            #expect(rig.events.retries.map(\.code) == [.deadlineExceeded, .deadlineExceeded])
            gate.open()
        }
    }

    @Test("messages tell the attempt's timeout from the deadline")
    func messages() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { _ throws(EffectError) in await gate.wait() }
            let policy = EffectPolicy().deadline(.seconds(8)).attemptTimeout(.seconds(5))
            let storage = rig.storage(handler, policy.retry(.fixed(.zero, attempts: 2)))
            async let error = storage.error()
            await rig.advance(toWake: 5)
            await rig.advance(toWake: 8)
            #expect(
                await error?.description
                    == "storage.read (policy): deadlineExceeded: The handler did not answer before the deadline: see why it "
                    + "is slow, or give it more time. [outcome unknown]"
            )
            let alone = rig.storage(handler, EffectPolicy().attemptTimeout(.seconds(5)))
            async let timeout = alone.error()
            await rig.advance(toWake: 13)
            #expect(await timeout?.message.contains("within the attempt timeout of 5s") == true)
            gate.open()
        }
    }

    @Test("an answer at once touches neither clock nor timer")
    func immediate() async {
        await withRig { rig in
            let storage = rig.storage(MemoryStorageHandler(), EffectPolicy().deadline(.seconds(60)))
            for _ in 0..<1000 { #expect(await storage.ending() == .answered) }
            #expect(rig.timer.count == 0)
            #expect(rig.time.nextDeadline == nil)
        }
    }

    @Test("without deadline and attempt timeout the handler runs in the caller's task")
    func noTask() async {
        await withRig { rig in
            let tasks = Tasks()
            let handler = ScriptedStorage { _ throws(EffectError) in tasks.add() }
            let policy = EffectPolicy().retry(.exponential(attempts: 2)).concurrency(2, queue: 0).breaker(.init())
            tasks.add()
            #expect(await rig.storage(handler, policy).ending() == .answered)
            #expect(tasks.distinct == 1)
            #expect(await rig.storage(handler, policy.deadline(.seconds(1))).ending() == .answered)
            #expect(tasks.distinct == 2)
        }
    }

    @Test("a nested call uses the earlier deadline, and has a policy of its own")
    func nested() async {
        await withRig { rig in
            let gate = Gate()
            let slow = ScriptedStorage { call throws(EffectError) in
                if call == 1 { throw unavailable }
                await gate.wait()
            }
            // The inner policy would give it a minute, the outer one gives ten seconds.
            let inner = rig.storage(slow, EffectPolicy().deadline(.seconds(60)).retry(.fixed(.seconds(1), attempts: 2)))
            let outerHandler = ScriptedStorage { _ throws(EffectError) in
                if let error = await inner.error() { throw error }
            }
            let outer = rig.storage(outerHandler, EffectPolicy().deadline(.seconds(10)))
            async let ending = outer.ending()
            await rig.advance(toWake: 1)
            await eventually { gate.waiting == 1 }
            await rig.advance(toWake: 10)
            #expect(await ending == .failed(.deadlineExceeded, .unknown))
            #expect(slow.calls.value == 2, "The inner handler's own policy repeated the call.")
            #expect(outerHandler.calls.value == 1)
            gate.open()
        }
    }

    @Test("a deadline set around calls counts for a policy that has none, and ends with its scope")
    func scoped() async throws {
        try await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { call throws(EffectError) in if call == 1 { await gate.wait() } }
            let storage = rig.storage(handler, EffectPolicy().retry(.fixed(.zero, attempts: 2)))
            let task = Task {
                try await EffectDeadline.by(MonotonicInstant(nanoseconds: 3_000_000_000)) {
                    () async throws(EffectError) in
                    await storage.ending()
                }
            }
            await rig.advance(toWake: 3)
            #expect(try await task.value == .failed(.deadlineExceeded, .unknown))
            #expect(EffectDeadline.current == nil)
            let late = try await EffectDeadline.by(rig.time.monotonicNow) { () async throws(EffectError) in
                await storage.error()
            }
            #expect(late?.message.hasPrefix("The deadline passed before the call began") == true)
            #expect(late?.outcome == .notApplied)
            gate.open()
        }
    }

    @Test("a stopped timer ends the waits, and those that come later")
    func stopped() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { _ throws(EffectError) in await gate.wait() }
            let storage = rig.storage(handler, EffectPolicy().deadline(.seconds(60)))
            async let ending = storage.error()
            await eventually { rig.timer.count == 1 }
            rig.timer.stop()
            let error = await ending
            #expect(error?.code == .unavailable)
            #expect(error?.isRetryable == false)
            #expect(await storage.ending() == .failed(.unavailable, .unknown))
            gate.open()
        }
    }
}
