internal import AuraEffects
internal import AuraRuntime
internal import Testing

@testable internal import AuraMemory

@Suite("MemoryJournalHandler")
struct JournalTests {
    @Test("a clock that jumps back an hour keeps timestamps rising")
    func clockJump() async throws {
        let time = ManualTimeHandler()
        let journal = journal(1, time: time)
        var maker = DraftMaker()
        try await journal.append(maker.drafts(3), to: "s")
        time.jumpWallClock(by: .seconds(-3600))
        try await journal.append(maker.drafts(3), to: "s")
        let timestamps = try await journal.readAll(after: .start, limit: 10).map(\.timestamp)
        #expect(timestamps == timestamps.sorted())
        #expect(Set(timestamps).count == 6)
    }

    @Test("merged timestamps carry the clock forward, and one at the end of the range is refused")
    func observedTimestamps() async throws {
        let ahead = ManualTimeHandler()
        ahead.advance(by: .seconds(86_400))
        let source = journal(1, time: ahead)
        let target = journal(2)
        var maker = DraftMaker()
        try await source.append(maker.drafts(1), to: "s")
        try await replicate(source, into: target)
        try await target.append(maker.drafts(1), to: "s")
        let timestamps = try await target.readAll(after: .start, limit: 10).map(\.timestamp)
        #expect(timestamps[0] < timestamps[1])

        var forged = try await source.readAll(after: .start, limit: 1)[0]
        forged.origin = OriginID(rawValue: 9)
        forged.timestamp = HybridTimestamp(rawValue: .max)
        forged.hash = forged.header.hash(previous: .zero, payload: forged.payloadDigest)
        let batch = JournalBatch(entries: [forged])
        #expect(await errorCode { () throws(EffectError) in _ = try await target.merge(batch) } == .invalidArgument)
    }

    @Test("stopping ends every subscription")
    func stop() async {
        let journal = journal(1)
        let waiting = Task { () async -> EffectError? in
            var iterator = journal.subscribe(after: .start).makeAsyncIterator()
            do throws(EffectError) {
                _ = try await iterator.next()
                return nil
            } catch {
                return error
            }
        }
        journal.stop()
        let error = await waiting.value
        #expect(error?.code == .unavailable)
        #expect(error?.operation == "subscribe")
        #expect(error?.isRetryable == false)
    }

    @Test("verification finds every kind of damage and says where")
    func verification() async throws {
        let journal = journal(1)
        var maker = DraftMaker()
        for stream in ["a", "b"] { try await journal.append(maker.drafts(3), to: StreamName(stream)) }
        let entries = try await journal.readAll(after: .start, limit: 10)
        let damages: [(String, Position?, (inout MemoryJournalState) -> Void)] = [
            ("payload", Position(rawValue: 2), { $0.entries[1].body = .payload([0]) }),
            ("digest", Position(rawValue: 2), { $0.entries[1].body = .compacted(.zero) }),
            ("kind", Position(rawValue: 4), { $0.entries[3].kind = "other/1" }),
            ("timestamp", Position(rawValue: 1), { $0.entries[0].timestamp = .zero }),
            ("revision", Position(rawValue: 5), { $0.entries[4].revision = Revision(rawValue: 7) }),
            ("sequence", Position(rawValue: 6), { $0.entries[5].sequence = 9 }),
            ("position", Position(rawValue: 1), { $0.entries[2].position = Position(rawValue: 1) }),
            ("end", nil, { $0.origins[OriginID(rawValue: 1)]?.removeLast() }),
        ]
        let clean = state(of: entries)
        #expect(clean.verify().isClean)
        #expect(clean.verify().checkedEntries == 6)
        #expect(clean.verify().frontier == clean.frontier)
        for (name, position, damage) in damages {
            var damaged = clean
            damage(&damaged)
            let problems = damaged.verify().problems
            #expect(problems.contains { $0.position == position }, "\(name): \(problems)")
        }
    }

    /// The same entries as the journal's, open to damage.
    private func state(of entries: [JournalEntry]) -> MemoryJournalState {
        let errors = HandlerErrors(JournalEffect.self, handler: "memory")
        var state = MemoryJournalState(origin: OriginID(rawValue: 1), errors: errors)
        for entry in entries { _ = state.add(entry) }
        return state
    }
}
