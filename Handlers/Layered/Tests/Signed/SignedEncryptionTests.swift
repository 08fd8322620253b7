#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Signed and encrypted journals")
struct SignedEncryptionTests {
    /// Which handler is over the other one.
    enum Order: CaseIterable {
        case signedOverEncrypted, encryptedOverSigned
    }

    /// A node whose journal is signed and encrypted.
    private struct Node {
        let signing: SigningNode
        let journal: any JournalEffects
        let signed: SignedJournalHandler

        /// Makes a node that shares the data key, and requires the signatures of others.
        init(_ number: UInt64, _ order: Order, sharing data: Vault, trusting others: [Node] = []) async throws {
            signing = try await SigningNode(number)
            let keys = others.map(\.signing.trustedKey)
            switch order {
            case .signedOverEncrypted:
                let encrypted = try await EncryptedJournalHandler.open(over: signing.base, key: "notes", data.context())
                signed = try await signing.open(trusting: keys, over: encrypted)
                journal = signed
            case .encryptedOverSigned:
                signed = try await signing.open(trusting: keys)
                journal = try await EncryptedJournalHandler.open(over: signed, key: "notes", data.context())
            }
        }
    }

    @Test("payloads are encrypted, and signatures can be checked without the data key", arguments: Order.allCases)
    func both(_ order: Order) async throws {
        let node = try await Node(1, order, sharing: Vault.withKey())
        try await node.journal.note(0..<5)
        _ = try await node.journal.frontier()
        let stored = try await node.signing.base.everything()
        #expect(stored.signatures == [6])
        #expect(stored.prefix(5).allSatisfy { ($0.payload?.count ?? 0) > 60 })
        let read = try await node.journal.everything()
        #expect(read.signatures == [6])
        #expect(read.prefix(5).map(\.payload) == (0..<5).map { JournalEntry.Draft.note($0).payload })
        let report = try await node.journal.verify()
        #expect(report.isClean && report.checkedEntries == 6)
        // Who holds only what is stored checks the signatures all the same.
        let witness = try await SigningNode(2)
        let requiring = try await witness.open(trusting: [node.signing.trustedKey])
        #expect(try await requiring.merge(node.journal.batch(for: requiring)).added == 6)
        await node.signed.close()
        await requiring.close()
    }

    @Test("nodes with either order exchange what is signed and encrypted", arguments: Order.allCases, Order.allCases)
    func exchange(_ one: Order, _ other: Order) async throws {
        let data = try await Vault.withKey()
        let first = try await Node(1, one, sharing: data)
        let second = try await Node(2, other, sharing: data, trusting: [first])
        try await first.journal.note(0..<3)
        #expect(try await second.journal.merge(first.journal.batch(for: second.journal)).added == 4)
        let read = try await second.journal.read("notes", limit: 10).map(\.payload)
        #expect(read == (0..<3).map { JournalEntry.Draft.note($0).payload })
        #expect(try await second.journal.verify().isClean)
        await first.signed.close()
        await second.signed.close()
    }

    @Test("an entry that has the kind of a signature and not its form is encrypted like every other one")
    func pretended() async throws {
        let data = try await Vault.withKey()
        let base = MemoryJournalHandler(time: ManualTimeHandler(), origin: OriginID(rawValue: 1))
        let journal = try await EncryptedJournalHandler.open(over: base, key: "notes", data.context())
        let secret = Array("secret".utf8)
        let draft = JournalEntry.Draft(id: EntryID(rawValue: 1), kind: HeadSignature.kind, payload: secret)
        try await journal.append([draft], to: HeadSignature.stream(of: OriginID(rawValue: 1)))
        let stored = try #require(try await base.everything().first?.payload)
        #expect(stored.count > 60)
        #expect(try await journal.everything().map(\.payload) == [secret])
    }
}
#endif
