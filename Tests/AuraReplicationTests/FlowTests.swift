internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraReplication

@Suite("Flow and endings", .timeLimit(.minutes(5)))
struct FlowTests {
    private let network = MemoryNetwork()
    private let time = ManualTimeHandler()

    @Test("while a journal merges slowly, one batch is asked for ahead and no other")
    func backpressure() async throws {
        let gate = ChangeSignal()
        let merges = Mutex(0)
        let slow = intercepted(memoryJournal(2), time: time) { operation throws(EffectError) in
            guard operation === JournalEffectsOperations.merge else { return }
            let generation = gate.generation
            merges.withLock { $0 += 1 }
            try await gate.wait(beyond: generation)
        }
        let reads = Mutex(0)
        let watched = intercepted(memoryJournal(1), time: time) { operation throws(EffectError) in
            if operation === JournalEffectsOperations.entries { reads.withLock { $0 += 1 } }
        }
        let left = try TestNode("left", 1, on: network, time: time, journal: watched)
        let right = try TestNode("right", 2, on: network, time: time, journal: slow)
        try await left.append(0..<500)
        try await running([left]) {
            async let report = right.replicator.synchronize(with: left.name)
            for merge in 1...5 {
                while merges.withLock({ $0 }) < merge || reads.withLock({ $0 }) < merge + 1 { await Task.yield() }
                // Time for what must not happen.
                for _ in 0..<100 { await Task.yield() }
                #expect(merges.withLock { $0 } == merge)
                #expect(reads.withLock { $0 } == merge + 1)
                gate.notify()
            }
            while try await right.journal.frontier().sequence(of: OriginID(rawValue: 1)) < 500 {
                gate.notify()
                await Task.yield()
            }
            #expect(try await report.received == 500)
        }
    }

    @Test("cancelling run ends it and all that it began")
    func cancellation() async throws {
        let left = try TestNode("left", 1, on: network, time: time)
        let right = try TestNode("right", 2, on: network, time: time)
        let task = Task { () -> EffectError.Code? in
            do throws(EffectError) {
                try await left.replicator.run()
                return nil
            } catch {
                return error.code
            }
        }
        try await left.append(0..<10)
        try await running([right]) { try await right.waitForEntries(10) }
        task.cancel()
        #expect(await task.value == .cancelled)
        // Nobody answers for it any more.
        async let outcome = #expect(throws: EffectError.self) {
            try await right.replicator.synchronize(with: left.name)
        }
        try await time.waitForSleepers(1)
        time.advance(by: .seconds(10))
        #expect(await outcome?.code == .deadlineExceeded)
    }

    @Test("a cancelled exchange ends with what was merged")
    func cancelledExchange() async throws {
        let left = try TestNode("left", 1, on: network, time: time)
        let right = try TestNode("right", 2, on: network, time: time)
        try await left.append(0..<1000)
        try await running([left]) {
            let task = Task { try await right.replicator.synchronize(with: left.name) }
            try await right.waitForEntries(100)
            task.cancel()
            _ = try? await task.value
            let report = try await right.replicator.synchronize(with: left.name)
            #expect(report.unsent == 0)
        }
        #expect(right.network.arrivals.values.allSatisfy { $0 <= 2 })
        try await expectEqual([left, right], entries: 1000)
    }

    @Test("a journal that is stopped ends run with its error")
    func stoppedJournal() async throws {
        let journal = memoryJournal(1)
        let node = try TestNode("node", 1, on: network, time: time, journal: journal)
        async let outcome = #expect(throws: EffectError.self) { try await node.replicator.run() }
        try await time.waitForSleepers(1)
        journal.stop()
        #expect(await outcome?.code == .unavailable)
    }

    @Test("a journal without replication is refused by name")
    func withoutReplication() async throws {
        let plain = LimitedJournal(memoryJournal(1), features: [])
        let node = try TestNode("node", 1, on: network, time: time, journal: plain)
        let error = await #expect(throws: EffectError.self) { try await node.replicator.run() }
        #expect(error?.code == .unsupported)
    }

    @Test("the end of a journal is found whatever lies before it")
    func journalEnd() async throws {
        let journal = memoryJournal(1)
        #expect(try await journal.end(after: .start) == .start)
        var known = Position.start
        for count in [1, 1, 2, 5, 100, 1] {
            let first = try await journal.frontier().sequence(of: OriginID(rawValue: 1))
            let drafts = (0..<count)
                .map { number in
                    JournalEntry.Draft(
                        id: EntryID(rawValue: UInt128(first) + UInt128(number)),
                        kind: "test/1",
                        payload: []
                    )
                }
            let receipt = try await journal.append(drafts, to: "notes")
            #expect(try await journal.end(after: known) == receipt.lastPosition)
            #expect(try await journal.end(after: .start) == receipt.lastPosition)
            known = try await journal.end(after: known)
        }
    }

    private func memoryJournal(_ origin: UInt128) -> MemoryJournalHandler {
        MemoryJournalHandler(time: time, origin: OriginID(rawValue: origin))
    }
}
