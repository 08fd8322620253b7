internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

@Suite("The policies' timer", .timeLimit(.minutes(5)))
struct PolicyTimerTests {
    private func instant(_ seconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(seconds) * 1_000_000_000)
    }

    @Test(
        "the heap gives entries out in their order, whatever was taken out before",
        arguments: 0..<50 as Range<UInt64>
    )
    func heap(seed: UInt64) {
        var random = SeededRandomHandler(seed: seed).generator
        var heap = TimerHeap()
        var model: [(deadline: Int, entry: TimerEntry)] = []
        for _ in 0..<300 {
            if Int.random(in: 0..<3, using: &random) > 0 || model.isEmpty {
                let deadline = Int.random(in: 0..<40, using: &random)
                let entry = TimerEntry(instant(deadline)) { _ in }
                heap.insert(entry)
                model.append((deadline, entry))
            } else {
                let index = Int.random(in: model.indices, using: &random)
                heap.remove(model[index].entry)
                // Twice is harmless.
                heap.remove(model[index].entry)
                model.remove(at: index)
            }
            #expect(heap.count == model.count)
            #expect(heap.first?.deadline == model.map(\.deadline).min().map(instant))
        }
        // A sort that keeps equal ones in their order is what first come, first served means.
        let expected = model.enumerated().sorted { ($0.element.deadline, $0.offset) < ($1.element.deadline, $1.offset) }
        let early = heap.removeAll(until: instant(20))
        let late = heap.removeAll(until: instant(40))
        let isInOrder = (early + late).elementsEqual(expected.map(\.element.entry), by: ===)
        #expect(isInOrder)
        #expect(early.allSatisfy { $0.deadline <= instant(20) })
        #expect(heap.count == 0)
    }

    @Test("entries are woken when their time comes, an earlier one that comes later too")
    func wakes() async {
        await withRig { rig in
            let order = Order()
            _ = rig.timer.schedule(at: instant(10)) { _ in order.add(10) }
            await eventually { rig.time.nextDeadline == instant(10) }
            _ = rig.timer.schedule(at: instant(3)) { _ in order.add(3) }
            let withdrawn = rig.timer.schedule(at: instant(4)) { _ in order.add(4) }
            _ = rig.timer.schedule(at: instant(5)) { _ in order.add(5) }
            rig.timer.cancel(withdrawn)
            await rig.advance(toWake: 3)
            await eventually { order.numbers == [3] }
            await rig.advance(toWake: 5)
            await eventually { order.numbers == [3, 5] }
            await rig.advance(toWake: 10)
            await eventually { order.numbers == [3, 5, 10] }
            await eventually { rig.time.nextDeadline == nil }
            _ = rig.timer.schedule(at: instant(1)) { _ in order.add(1) }
            await eventually { order.numbers == [3, 5, 10, 1] }
        }
    }

    @Test("stopped or cancelled, it wakes everybody and its task ends", arguments: [true, false])
    func ends(byStop: Bool) async {
        let timer = PolicyTimer(time: ManualTimeHandler())
        let runner = Task { await timer.run() }
        let stopped = CallCounter()
        for second in 1...3 {
            _ = timer.schedule(at: instant(second)) { cause in
                if case .stopped = cause { stopped.increment() }
            }
        }
        if byStop { timer.stop() } else { runner.cancel() }
        await runner.value
        #expect(stopped.value == 3)
        _ = timer.schedule(at: instant(4)) { _ in stopped.increment() }
        #expect(stopped.value == 4)
        #expect(timer.count == 0)
    }

    @Test("an idle timer ends when it is stopped")
    func idle() async {
        let timer = PolicyTimer(time: ManualTimeHandler())
        let runner = Task { await timer.run() }
        await Task.yield()
        timer.stop()
        await runner.value
    }
}
