internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

@Suite("A queue of work")
struct WorkQueueTests {
    private struct Work: QueuedWork {
        typealias Answer = Int
        let operation = "append"
        var byteCount = 1
    }

    private let queue = WorkQueue<Work>(
        of: "append",
        countLimit: 10,
        byteLimit: 1000,
        errors: HandlerErrors(JournalEffect.self, handler: "fake")
    )

    private func submit(_ count: Int, byteCount: Int = 1) async -> [Task<Int, any Error>] {
        let before = queue.load.count
        // A caller that has come to wait has rung the alarm, where it is the one to do so.
        let callers = (0..<count)
            .map { _ in
                Task.immediate { try await queue.submit(Work(byteCount: byteCount)) }
            }
        while queue.load.count < before + count { await Task.yield() }
        return callers
    }

    private func end(_ callers: [Task<Int, any Error>]) async {
        queue.fail(EffectError(.unavailable, "gone"))
        for caller in callers { await #expect(throws: EffectError.self) { try await caller.value } }
    }

    @Test("an alarm rings once, with the call that makes it enough")
    func alarmByCount() async {
        let rings = Atomic(0)
        #expect(queue.setAlarm(count: 3, byteCount: 100) { rings.add(1, ordering: .relaxed) })
        var callers = await submit(2)
        #expect(rings.load(ordering: .relaxed) == 0)
        callers += await submit(1)
        #expect(rings.load(ordering: .relaxed) == 1)
        callers += await submit(2)
        #expect(rings.load(ordering: .relaxed) == 1)
        await end(callers)
    }

    @Test("an alarm rings for few calls of many bytes")
    func alarmByBytes() async {
        let rings = Atomic(0)
        #expect(queue.setAlarm(count: 3, byteCount: 100) { rings.add(1, ordering: .relaxed) })
        let callers = await submit(1, byteCount: 100)
        #expect(rings.load(ordering: .relaxed) == 1)
        await end(callers)
    }

    @Test("an alarm is not set where enough waits, and none is left of an earlier one")
    func alarmTooLate() async {
        let rings = Atomic(0)
        #expect(queue.setAlarm(count: 2, byteCount: 100) { rings.add(1, ordering: .relaxed) })
        var callers = await submit(1)
        #expect(!queue.setAlarm(count: 0, byteCount: 100) { rings.add(1, ordering: .relaxed) })
        callers += await submit(3)
        #expect(rings.load(ordering: .relaxed) == 0)
        await end(callers)
    }

    @Test("work that waits is seen at once, and none is not waited for long")
    func waitsSoon() async {
        #expect(!queue.waitsSoon())
        let callers = await submit(1)
        #expect(queue.waitsSoon())
        await end(callers)
    }
}
