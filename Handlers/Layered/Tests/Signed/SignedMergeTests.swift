#if OpenSSL
internal import AuraEffects
internal import AuraOpenSSL
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Merging where signatures are required", .timeLimit(.minutes(5)))
struct SignedMergeTests {
    let writer: SigningNode
    let reader: SigningNode
    let written: SignedJournalHandler
    let read: SignedJournalHandler

    init() async throws {
        writer = try await SigningNode(1)
        reader = try await SigningNode(2)
        written = try await writer.open(trusting: [reader])
        read = try await reader.open(trusting: [writer])
    }

    private func root(_ journal: any JournalEffects) async throws -> SHA256Digest {
        try await journal.frontier().rootHash
    }

    @Test("signed entries are merged with their signatures, and both journals are equal")
    func covered() async throws {
        try await written.note(0..<5)
        let batch = try await written.batch(for: read)
        #expect(batch.entries.count == 6)
        #expect(try await read.merge(batch) == MergeReceipt(added: 6, known: 0))
        #expect(try await read.merge(batch) == MergeReceipt(added: 0, known: 6))
        #expect(try await root(read) == root(written))
        try await read.note(100..<102)
        _ = try await written.merge(read.batch(for: written))
        #expect(try await root(read) == root(written))
        for journal in [read, written] { #expect(try await journal.verify().problems == []) }
    }

    @Test("entries above the last signature are held back, and merged in their order once one covers them")
    func held() async throws {
        try await written.note(0..<3)
        _ = try await read.merge(written.batch(for: read))
        try await written.note(3..<9)
        let batch = try await written.batch(for: read)
        let entries = batch.entries
        #expect(entries.signatures == [11])
        for cut in [entries[..<2], entries[2..<3], entries[1..<5]] {
            let receipt = try await read.merge(JournalBatch(entries: Array(cut), hasMore: true))
            #expect(receipt.added == 0)
            #expect(try await read.frontier().sequence(of: writer.origin) == 4)
        }
        #expect(try await read.merge(JournalBatch(entries: Array(entries[5...]))).added == 7)
        #expect(try await read.everything().map(\.hash) == written.everything().map(\.hash))
        #expect(try await read.verify().problems == [])
    }

    @Test("what is held is gone after a restart, and asked for again")
    func restart() async throws {
        try await written.note(0..<4)
        let entries = try await written.batch(for: read).entries
        _ = try await read.merge(JournalBatch(entries: Array(entries[..<3])))
        await read.close()
        let again = try await reader.open(trusting: [writer])
        #expect(try await again.frontier() == JournalFrontier())
        let gap = try await refusal { _ = try await again.merge(JournalBatch(entries: Array(entries[3...]))) }
        #expect(gap.code == .preconditionFailed)
        #expect(try await again.merge(written.batch(for: again)).added == 5)
    }

    @Test("entries that a peer forges in another's name are not merged, and do not keep the true ones away")
    func forged() async throws {
        try await written.note(0..<3)
        _ = try await read.merge(written.batch(for: read))
        let before = try await read.everything()
        var forger = Forger(after: try #require(before.last))
        #expect(try await read.merge(JournalBatch(entries: forger.notes(50..<60))).added == 0)
        #expect(try await read.everything() == before)
        try await written.note(3..<6)
        #expect(try await read.merge(written.batch(for: read)).added == 4)
        #expect(try await root(read) == root(written))
    }

    @Test("a signature by another key is refused and names the line that would trust it")
    func untrustedKey() async throws {
        try await written.note(0..<2)
        _ = try await read.merge(written.batch(for: read))
        let before = try await read.everything()
        let thief = try await SigningNode(3)
        var forger = Forger(after: try #require(before.last))
        let notes = forger.notes(50..<52)
        let id = EntryID(rawValue: 77)
        var signature = try await thief.signature(of: forger.head, in: id)
        signature.origin = writer.origin
        signature.signature = try await thief.vault.crypto.sign(
            signature.message(in: id),
            key: thief.vault.key("device", version: nil).id
        )
        let forged = notes + [forger.entry(signature, id)]
        let error = try await refusal { _ = try await read.merge(JournalBatch(entries: forged)) }
        #expect(error.code == .permissionDenied)
        #expect(error.message.contains("sequence 6 of origin \(writer.origin)"))
        #expect(error.message.contains("'\(TrustedKey.line(writer.origin, thief.trustedKey.publicKey))'"))
        #expect(try await read.everything() == before)
    }

    @Test("an origin that nobody trusts is refused by name, and nothing of the batch is merged")
    func unknownOrigin() async throws {
        let stranger = try await SigningNode(4)
        let strange = try await stranger.open(trusting: [])
        try await strange.note(20..<22)
        try await written.note(0..<2)
        let known = try await written.batch(for: read).entries
        let unknown = try await strange.batch(for: read).entries
        let error = try await refusal { _ = try await read.merge(JournalBatch(entries: known + unknown)) }
        #expect(error.code == .permissionDenied)
        #expect(error.message.contains("'\(TrustedKey.line(stranger.origin, stranger.trustedKey.publicKey))'"))
        #expect(try await read.everything() == [])
        #expect(try await read.merge(JournalBatch(entries: known)).added == 3)
    }

    @Test("a signature that is moved to another head, altered or repeated covers nothing", arguments: Trick.allCases)
    func tricks(_ trick: Trick) async throws {
        try await written.note(0..<2)
        _ = try await read.merge(written.batch(for: read))
        let before = try await read.everything()
        var signature = try #require(HeadSignature(following: before[2]))
        var id = before[2].id
        var forger = Forger(after: before[2])
        let notes = forger.notes(50..<51)
        switch trick {
        case .replayed: break
        case .moved:
            signature.head = forger.head
        case .renumbered:
            signature.head.sequence = forger.head.sequence
        case .altered:
            id = EntryID(rawValue: 99)
            signature = try await writer.signature(of: forger.head, in: id)
            signature.signature[40] ^= 1
        case .carried:
            // A true signature of this head, in an entry that it was not made for.
            signature = try await writer.signature(of: forger.head, in: EntryID(rawValue: 98))
            id = EntryID(rawValue: 99)
        case .anothers:
            let other = try await SigningNode(5)
            id = EntryID(rawValue: 99)
            signature = try await other.signature(of: forger.head, in: id)
        }
        let batch = JournalBatch(entries: notes + [forger.entry(signature, id)])
        if trick == .replayed || trick == .anothers {
            #expect(try await read.merge(batch).added == 0)
        } else {
            let error = try await refusal { _ = try await read.merge(batch) }
            #expect(error.code == .corrupted)
            #expect(error.message.contains("sequence 5 of origin \(writer.origin)"))
        }
        #expect(try await read.everything() == before)
        try await written.note(2..<3)
        #expect(try await read.merge(written.batch(for: read)).added == 2)
    }

    enum Trick: CaseIterable {
        case replayed, moved, renumbered, altered, carried, anothers
    }

    @Test("an altered entry is a conflict, held or not")
    func altered() async throws {
        try await written.note(0..<4)
        let entries = try await written.batch(for: read).entries
        var altered = entries
        altered[1].body = .payload([1, 2, 3])
        for batch in [altered, Array(altered[..<3])] {
            let error = try await refusal { _ = try await read.merge(JournalBatch(entries: batch)) }
            #expect(error.code == .conflict)
            #expect(error.message.contains("\(writer.origin) forks at sequence 2"))
        }
        #expect(try await read.merge(JournalBatch(entries: entries)).added == 5)
    }
}
#endif
