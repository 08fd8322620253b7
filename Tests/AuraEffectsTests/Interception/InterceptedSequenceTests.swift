internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Sequences behind interceptors")
struct InterceptedSequenceTests {
    private let log = CallLog()

    @Test("a subscription passes the chain once for each page")
    func subscription() async throws {
        let journal =
            EffectSystem.intercepted(
                JournalEffect.self,
                MemoryJournalHandler(time: ManualTimeHandler(), random: FixedRandom(value: 7)),
                observers: [Watching(measuresTime: false, log: log)]
            )
            .journal
        var entries = journal.subscribe(after: .start).makeAsyncIterator()
        let page = ["began journal.subscribe", "ended journal.subscribe after 0.0 seconds"]
        for pages in 1...2 {
            let drafts = (0..<2)
                .map { JournalEntry.Draft(id: EntryID(rawValue: UInt128(pages * 10 + $0)), kind: "a", payload: []) }
            try await journal.append(drafts, to: "a")
            #expect(try await entries.next()?.id == drafts[0].id)
            #expect(try await entries.next()?.id == drafts[1].id)
            #expect(
                log.lines.filter { $0.contains("subscribe") } == Array(repeating: page, count: pages).flatMap(\.self)
            )
        }
    }

    @Test("incoming messages pass the chain one by one")
    func incoming() async throws {
        let network = MemoryNetwork(mailboxCapacity: 8)
        let alice = try network.join(PeerID("alice"), time: ManualTimeHandler())
        let bob = try network.join(PeerID("bob"), time: ManualTimeHandler())
        let log = log
        let counting = Custom { (call, next) async throws(EffectError) in
            let answer = try await next()
            log.note("\(call.operation) \(call.resource)")
            return answer
        }
        let intercepted = EffectSystem.intercepted(NetworkEffect.self, bob, with: [counting]).network
        for text in ["a", "b"] {
            try await alice.send(Envelope(channel: "notes", payload: Array(text.utf8)), to: intercepted.localPeer)
        }
        var messages = intercepted.incoming("notes").makeAsyncIterator()
        #expect(try await messages.next()?.payload == Array("a".utf8))
        #expect(try await messages.next()?.payload == Array("b".utf8))
        #expect(log.lines == ["network.incoming notes", "network.incoming notes"])
        bob.stop()
        #expect(try await messages.next() == nil)
    }

    @Test("an interceptor ends a sequence by its refusal")
    func refusal() async throws {
        let refusing = Custom(name: "refusing") { (_, _) async throws(EffectError) in
            throw EffectError(.permissionDenied, "Not today.")
        }
        let journal = EffectSystem.intercepted(JournalEffect.self, UnimplementedJournalEffects(), with: [refusing])
            .journal
        var entries = journal.subscribe(after: .start).makeAsyncIterator()
        let error = await #expect(throws: EffectError.self) { try await entries.next() }
        #expect(error?.description == "journal.subscribe (refusing): permissionDenied: Not today.")
    }
}
