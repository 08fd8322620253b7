#if OpenSSL
internal import AuraEffects
internal import AuraOpenSSL
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Bounds, rotation and compaction where signatures are required", .timeLimit(.minutes(5)))
struct SignedMergeCareTests {
    private static let small = ResourceBudget(memoryLimit: .kibibytes(256), cpuQuota: 0.1, ioQuota: .mebibytes(1))

    @Test("more without a signature than the budget has room for is refused by name, and nothing is held")
    func bound() async throws {
        let writer = try await SigningNode(1)
        let reader = try await SigningNode(2)
        let read = try await reader.open(trusting: [writer], budget: Self.small)
        var forger = Forger(writer.origin)
        _ = try await read.merge(JournalBatch(entries: forger.notes(0..<4, byteCount: 10_000)))
        let next = forger.notes(4..<8, byteCount: 10_000)
        let error = try await refusal { _ = try await read.merge(JournalBatch(entries: next)) }
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("\(writer.origin) from sequence 1 on"))
        #expect(error.message.contains("at most 64 KiB"))
        // A whole group of the same size that brings its signature needs no room.
        let written = try await writer.open(trusting: [])
        try await written.note(0..<8, byteCount: 10_000)
        #expect(try await read.merge(written.batch(for: read)).added == 9)
    }

    @Test("where room is short the run that waited longest goes, and is asked for again")
    func eviction() async throws {
        let nodes = [try await SigningNode(1), try await SigningNode(2), try await SigningNode(3)]
        let read = try await SigningNode(9).open(trusting: nodes, budget: Self.small)
        var batches: [[JournalEntry]] = []
        for (index, node) in nodes.enumerated() {
            let written = try await node.open(trusting: [])
            try await written.note(index * 10..<index * 10 + 3, byteCount: 8000)
            batches.append(try await written.batch(for: read).entries)
            _ = try await read.merge(JournalBatch(entries: Array(batches[index][..<3])))
        }
        let gone = try await refusal { _ = try await read.merge(JournalBatch(entries: [batches[0][3]])) }
        #expect(gone.code == .preconditionFailed)
        for batch in batches[1...] { #expect(try await read.merge(JournalBatch(entries: [batch[3]])).added == 4) }
        #expect(try await read.merge(JournalBatch(entries: batches[0])).added == 4)
    }

    @Test("an origin that changes its key has two lines, and a later signature speaks for what an earlier key signed")
    func rotation() async throws {
        let writer = try await SigningNode(1)
        let reader = try await SigningNode(2)
        let written = try await writer.open(trusting: [])
        try await written.note(0..<2)
        let old = try await written.entries(beyond: JournalFrontier(), limit: 100)
        let version = try await writer.vault.rotateKey("device")
        let new = TrustedKey(
            origin: writer.origin,
            publicKey: try await writer.vault.crypto.publicKey(of: version.id)
        )
        try await written.note(2..<4)
        let all = try await written.entries(beyond: JournalFrontier(), limit: 100)
        #expect(all.entries.signatures == [3, 6])
        #expect(all.entries.compactMap { HeadSignature(following: $0)?.keyVersion } == [1, 2])
        #expect(try await written.verify().problems == [])
        let both = try await reader.open(trusting: [writer.trustedKey, new])
        #expect(try await both.merge(old).added == 3)
        #expect(try await both.merge(all).added == 3)
        #expect(try await both.verify().problems == [])
        let onlyOld = try await SigningNode(3).open(trusting: [writer.trustedKey])
        #expect(try await onlyOld.merge(old).added == 3)
        let refused = try await refusal { _ = try await onlyOld.merge(all) }
        #expect(refused.code == .permissionDenied)
        #expect(refused.message.contains(TrustedKey.line(writer.origin, new.publicKey)))
        let onlyNew = try await SigningNode(4).open(trusting: [new])
        #expect(try await onlyNew.merge(all).added == 6)
        #expect(try await onlyNew.verify().problems == [])
        let early = try await SigningNode(5).open(trusting: [new])
        let tooEarly = try await refusal { _ = try await early.merge(old) }
        #expect(tooEarly.code == .permissionDenied)
    }

    @Test("entries that were compacted away come only where the journal's own snapshot stands for them")
    func compaction() async throws {
        let writer = try await SigningNode(1)
        let reader = try await SigningNode(2)
        let written = try await writer.open(trusting: [])
        let read = try await reader.open(trusting: [writer])
        try await written.note(0..<4)
        let whole = try await written.batch(for: read)
        let end = Revision(rawValue: 3)
        try await written.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: [1]))
        try await written.compact("notes", before: end)
        let compacted = try await written.batch(for: read)
        #expect(compacted.snapshots.count == 1)
        let error = try await refusal { _ = try await read.merge(compacted) }
        #expect(error.code == .preconditionFailed)
        #expect(error.message.contains("Entry 1 of origin \(writer.origin) was compacted away"))
        #expect(try await read.everything() == [])
        #expect(try await read.latestSnapshot(of: "notes") == nil)
        // From a peer that still has the payloads; a snapshot beside them is not taken either.
        #expect(try await read.merge(JournalBatch(entries: whole.entries, snapshots: compacted.snapshots)).added == 5)
        #expect(try await read.latestSnapshot(of: "notes") == nil)
        #expect(try await read.merge(compacted).known == 5)
        #expect(try await written.verify().problems == [])
    }

    @Test("of many origins in one batch each is taken as far as it is signed")
    func manyOrigins() async throws {
        var nodes: [SigningNode] = []
        for number in 1...5 { nodes.append(try await SigningNode(UInt64(number))) }
        let read = try await SigningNode(9).open(trusting: nodes)
        var runs: [[JournalEntry]] = []
        for (index, node) in nodes.enumerated() {
            let written = try await node.open(trusting: [])
            try await written.note(index * 10..<index * 10 + 3)
            runs.append(try await written.batch(for: read).entries)
        }
        // Entries of all origins take turns; of the last two the signature is missing.
        var entries: [JournalEntry] = []
        for place in 0..<4 {
            for (index, run) in runs.enumerated() where place < 3 || index < 3 { entries.append(run[place]) }
        }
        #expect(try await read.merge(JournalBatch(entries: entries)) == MergeReceipt(added: 12, known: 0))
        #expect(try await read.frontier().heads.keys.sorted() == nodes.prefix(3).map(\.origin))
        #expect(try await read.merge(JournalBatch(entries: [runs[4][3], runs[3][3]])).added == 8)
        #expect(try await read.verify().problems == [])
    }
}
#endif
