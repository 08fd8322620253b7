#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraReplication
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Replication of encrypted journals", .timeLimit(.minutes(5)))
struct EncryptedReplicationTests {
    @Test("entries that were compacted travel with the snapshot that stands for them, encrypted")
    func compacted() async throws {
        let vault = try await Vault.withKey()
        let network = MemoryNetwork()
        let bases = (1...2)
            .map { number in
                MemoryJournalHandler(time: HandlerContext.system.time, origin: OriginID(rawValue: UInt128(number)))
            }
        let left = try await EncryptedJournalHandler.open(over: bases[0], key: "notes", vault.context())
        let right = try await EncryptedJournalHandler.open(over: bases[1], key: "notes", vault.context())
        let drafts = (1...20).map { JournalEntry.Draft.note($0) }
        try await left.append(drafts, to: "notes")
        let state = Array("the state of the notes".utf8)
        try await left.saveSnapshot(JournalSnapshot(stream: "notes", revision: Revision(rawValue: 15), state: state))
        try await left.compact("notes", before: Revision(rawValue: 15))

        let answering = try JournalReplicator("left", left, on: network)
        let asking = try JournalReplicator("right", right, on: network)
        try await running(answering) {
            let report = try await asking.synchronize(with: PeerID("left"))
            #expect(report.received == 20 && report.quarantined.isEmpty)
        }
        #expect(try await right.latestSnapshot(of: "notes")?.state == state)
        let rest = try await right.read("notes", from: Revision(rawValue: 15), limit: 10)
        #expect(rest.map(\.payload) == drafts[15...].map(\.payload))
        // What travelled is what is stored.
        #expect(try await bases[1].latestSnapshot(of: "notes")?.state == bases[0].latestSnapshot(of: "notes")?.state)
        #expect(try await right.frontier().rootHash == left.frontier().rootHash)
        #expect(try await right.verify().isClean)
    }
}
#endif
