internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraRuntime

@Suite("Concurrency limits", .timeLimit(.minutes(5)))
struct ConcurrencyTests {
    private let target = EffectTarget(effect: "storage")

    private func limiter(_ limit: Int, queue: Int, _ events: PolicyEvents = PolicyEvents()) -> ConcurrencyLimiter {
        ConcurrencyLimiter(ConcurrencyLimit(limit, queue: queue), name: "storage", of: target, events)
    }

    @Test("so many calls are under way, so many wait, and the next fails at once")
    func bounds() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { _ throws(EffectError) in await gate.wait() }
            let storage = rig.storage(
                handler,
                EffectPolicy().concurrency(2, queue: 3).retry(.fixed(.zero, attempts: 3))
            )
            var tasks: [Task<Ending, Never>] = []
            // One after the other, so that the depths come in their order.
            for count in 1...5 {
                tasks.append(Task { await storage.ending() })
                await eventually { gate.waiting + rig.events.depths.count == count }
            }
            let refused = await storage.error()
            #expect(refused?.code == .resourceExhausted)
            #expect(refused?.message == "2 calls of 'storage' are under way and 3 wait: try later, or raise the limit.")
            #expect(handler.calls.value == 2)
            for count in 3...5 {
                gate.letOneThrough()
                await eventually { handler.calls.value == count && gate.waiting == 2 }
            }
            gate.open()
            for task in tasks { #expect(await task.value == .answered) }
            #expect(handler.calls.value == 5)
            #expect(rig.events.depths == [1, 2, 3, 2, 1, 0])
        }
    }

    @Test("who waits is let through in the order of arrival")
    func fifo() async {
        await withRig { rig in
            let limiter = limiter(1, queue: 10)
            #expect(limiter.tryAcquire())
            let order = Order()
            var tasks: [Task<Void, Never>] = []
            for number in 0..<5 {
                tasks.append(
                    Task {
                        guard case .granted? = await limiter.acquire(until: .distantFuture, rig.timer) else { return }
                        order.add(number)
                        limiter.release()
                    }
                )
                await eventually { limiter.load.waiting == number + 1 }
            }
            tasks[2].cancel()
            await tasks[2].value
            limiter.release()
            for task in tasks { await task.value }
            #expect(order.numbers == [0, 1, 3, 4])
        }
    }

    @Test("a wait for one's turn counts against the deadline, and the error says that nothing happened")
    func deadline() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { _ throws(EffectError) in await gate.wait() }
            let limited = EffectPolicy().concurrency(1, queue: 1)
            let settings = PolicySettings(limited)
                .refined(StorageEffectsOperations.write, by: EffectPolicy().deadline(.seconds(5)))
            let storage = rig.storage(handler, settings)
            let first = Task { await storage.ending() }
            await eventually { gate.waiting == 1 }
            let second = Task { () async -> EffectError? in
                do throws(EffectError) {
                    _ = try await storage.write([], to: "key", if: .none)
                    return nil
                } catch {
                    return error
                }
            }
            await rig.advance(toWake: 5)
            let error = await second.value
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.outcome == .notApplied)
            #expect(error?.message.contains("while the call waited for its turn") == true)
            gate.open()
            #expect(await first.value == .answered)
            #expect(await storage.ending() == .answered)
        }
    }

    @Test("cancelled in the queue, a call leaves it at once and takes no permit")
    func cancelledInQueue() async {
        await withRig { rig in
            let gate = Gate()
            let handler = ScriptedStorage { _ throws(EffectError) in await gate.wait() }
            let storage = rig.storage(handler, EffectPolicy().concurrency(1, queue: 1))
            let first = Task { await storage.ending() }
            await eventually { gate.waiting == 1 }
            let second = Task { await storage.ending() }
            await eventually { rig.events.depths.last == 1 }
            second.cancel()
            #expect(await second.value == .failed(.cancelled, .notApplied))
            #expect(rig.events.depths == [1, 0])
            gate.open()
            #expect(await first.value == .answered)
            #expect(await storage.ending() == .answered)
            #expect(handler.calls.value == 2)
        }
    }

    @Test("cancelled in its attempt, a call gives its permit back", arguments: [true, false])
    func cancelledInAttempt(hasDeadline: Bool) async throws {
        try await withRig { rig in
            let time = rig.time
            let handler = ScriptedStorage { call throws(EffectError) in
                if call == 1 { try await time.sleep(for: .seconds(1000)) }
            }
            let limited = EffectPolicy().concurrency(1, queue: 0)
            let storage = rig.storage(handler, hasDeadline ? limited.deadline(.seconds(60)) : limited)
            let task = Task { await storage.ending() }
            try await rig.time.waitForSleepers(hasDeadline ? 2 : 1)
            #expect(await storage.ending() == .failed(.resourceExhausted, .notApplied))
            task.cancel()
            #expect(await task.value == .failed(.cancelled, .notApplied))
            #expect(await storage.ending() == .answered)
        }
    }

    @Test("a permit is neither lost nor doubled when waits are cancelled while permits are handed on")
    func race() async {
        await withRig { rig in
            let limiter = limiter(3, queue: 1000)
            let underWay = CallGauge()
            await withTaskGroup { group in
                for number in 0..<600 {
                    group.addTask {
                        let task = Task {
                            if !limiter.tryAcquire() {
                                guard case .granted? = await limiter.acquire(until: .distantFuture, rig.timer) else {
                                    return
                                }
                            }
                            underWay.enter()
                            await Task.yield()
                            underWay.leave()
                            limiter.release()
                        }
                        if number % 2 == 0 {
                            await Task.yield()
                            task.cancel()
                        }
                        await task.value
                    }
                }
            }
            #expect(limiter.load == (0, 0))
            #expect(underWay.most <= 3)
        }
    }
}
