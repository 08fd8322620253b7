internal import AuraEffects
internal import AuraMemory
internal import Logging
internal import Testing

@testable internal import AuraReplication

@Suite("Pushed entries", .timeLimit(.minutes(5)))
struct PushTests {
    private let time = ManualTimeHandler()
    private let peer = PeerID("peer")

    @Test("new entries go along with the frontier to a peer that has what precedes them")
    func live() async throws {
        let network = MemoryNetwork()
        let left = try TestNode("left", 1, on: network, time: time)
        let right = try TestNode("right", 2, on: network, time: time)
        var count = 0
        try await running([left, right]) {
            var arriving = right.journal.subscribe(after: .start).makeAsyncIterator()
            while left.network.pushedCount < 20 {
                try await left.append(count..<count + 1)
                count += 1
                #expect(try await arriving.next()?.sequence == UInt64(count))
            }
        }
        // All but what came before the left one knew what the right one has.
        #expect(right.network.arrivedCount <= 3)
        #expect(right.network.pushedCount == 0)
        try await expectEqual([left, right], entries: count)
    }

    @Test("what another node wrote, what is much, large or compacted is left to be asked for")
    func left() async throws {
        var chain = ForeignChain(9)
        let journal = MemoryJournalHandler(time: time, origin: OriginID(rawValue: 1))
        let core = try core(journal)
        let drafts = (1...30).map { JournalEntry.Draft(id: EntryID(rawValue: $0), kind: "test/1", payload: [1]) }
        try await journal.append(Array(drafts.prefix(2)), to: "notes")
        let known = try await journal.frontier()
        // Nothing is known of the peer.
        #expect(try await push(core) == nil)
        core.withState { state in state.update(peer) { $0.frontier = known } }
        #expect(try await push(core) == nil)
        try await journal.append(Array(drafts[2..<5]), to: "notes")
        #expect(try await push(core)?.entries.map(\.sequence) == [3, 4, 5])

        let foreign = chain.entries(1)
        _ = try await journal.merge(JournalBatch(entries: foreign))
        core.withState { $0.noteForeign([chain.origin]) }
        #expect(try await push(core) == nil)

        let equal = try await journal.frontier()
        core.withState { state in state.update(peer) { $0.frontier = equal } }
        let payload = [UInt8](repeating: 0, count: 70_000)
        let large = JournalEntry.Draft(id: EntryID(rawValue: 900), kind: "test/1", payload: payload)
        try await journal.append([large], to: "notes")
        #expect(try await push(core) == nil)

        let after = try await journal.frontier()
        core.withState { state in state.update(peer) { $0.frontier = after } }
        let many = (1000..<1200).map { JournalEntry.Draft(id: EntryID(rawValue: $0), kind: "test/1", payload: []) }
        try await journal.append(many, to: "notes")
        #expect(try await push(core) == nil)
    }

    @Test("entries that do not go on the journal's chains are not taken, and nobody is blamed for them")
    func unfit() async throws {
        let journal = MemoryJournalHandler(time: time, origin: OriginID(rawValue: 1))
        let core = try core(journal)
        var chain = ForeignChain(9)
        let known = chain.entries(2)
        var fork = chain
        fork = ForeignChain(9, after: fork)
        let next = chain.entries(3)
        _ = fork.entries(1)
        _ = try await journal.merge(JournalBatch(entries: known))
        let intake = PushIntake(core: core, peer: peer)
        // A gap, what is known, and a branch that this journal does not have.
        await intake.take(EntryBatch(entries: Array(next[1...])))
        await intake.take(EntryBatch(entries: known))
        await intake.take(EntryBatch(entries: fork.entries(1)))
        #expect(try await journal.frontier().sequence(of: chain.origin) == 2)
        #expect(core.withState { $0.status.quarantined }.isEmpty)
        // What is known already does not keep what follows it away.
        await intake.take(EntryBatch(entries: known + next))
        #expect(try await journal.frontier().sequence(of: chain.origin) == 5)
        #expect(try await journal.verify().isClean)
    }

    @Test("an entry that was altered on its way is refused, and its origin left out")
    func altered() async throws {
        let journal = MemoryJournalHandler(time: time, origin: OriginID(rawValue: 1))
        let core = try core(journal)
        var chain = ForeignChain(9)
        var entries = chain.entries(3)
        entries[1].body = .payload([1, 2, 3])
        await PushIntake(core: core, peer: peer).take(EntryBatch(entries: entries))
        #expect(try await journal.frontier().heads.isEmpty)
        #expect(core.withState { $0.status.quarantined }.map(\.reason) == [.altered])
    }

    @Test("who answers for the time of one exchange only takes nothing that it did not ask for")
    func unasked() async throws {
        let journal = MemoryJournalHandler(time: time, origin: OriginID(rawValue: 1))
        let core = try core(journal)
        core.withState { $0.runs = 0 }
        var chain = ForeignChain(9)
        await PushIntake(core: core, peer: peer).take(EntryBatch(entries: chain.entries(1)))
        #expect(try await journal.frontier().heads.isEmpty)
    }

    /// What goes to the peer beside the whole frontier.
    private func push(_ core: ReplicationCore) async throws -> EntryBatch? {
        let mine = try await core.journal.frontier()
        let page = FrontierPage(of: mine.sortedHeads, after: nil, limit: 100)
        return try await PushChoice(core: core, peer: peer).batch(beside: page, mine)
    }

    /// The parts of a replicator that runs.
    private func core(_ journal: any JournalEffects) throws -> ReplicationCore {
        var effects = EffectSystem()
        effects.journal = journal
        effects.network = try MemoryNetwork().join(PeerID("node"), time: time)
        effects.time = time
        effects.random = SeededRandomHandler(seed: 1)
        let core = ReplicationCore(
            effects,
            budget: .testing,
            configuration: ReplicationConfiguration(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        core.withState { $0.runs = 1 }
        return core
    }
}
