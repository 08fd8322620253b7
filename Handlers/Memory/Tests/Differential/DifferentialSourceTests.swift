internal import AuraConformance
internal import AuraEffects
internal import Testing

/// The code is compiled here as it is printed: once as values, once as text.
@Suite("Operations as Swift code")
struct DifferentialSourceTests {
    @Test("the printed code of storage operations is the code of the same values")
    func storageSource() async throws {
        // swift-format-ignore
        let operations: [StorageOperation] = [
            .write(.counting(3), to: "a"),
            .write(.counting(5000, from: 7), to: "e\u{0301}\0'\"\\", if: .absent),
            .write(.counting(0), to: StorageKey(String(repeating: "k", count: 1025)), if: .latest),
            .remove("\u{202E}", if: .latestOf("a")),
            .remove(""),
            .list(limit: 2),
            .list(prefix: "a", after: "a", limit: .max),
            .listAll(pageSize: 3),
            .listAll(prefix: String(repeating: "\u{00E9}", count: 512), pageSize: 100),
            .transact([.write(.counting(1), to: "b", if: .previous), .remove("a", if: .neverIssued)]),
            .reopen,
            .crash,
            .read("a"),
        ]
        let failure = try await #require(throws: DifferentialFailure<StorageOperation>.self) {
            try await DifferentialTest.storage(
                replaying: operations,
                reference: { MemoryStorageHarness() },
                subject: { FlawedStorageHarness(flaw: .matchesAnything) }
            )
        }
        #expect(failure.operations == operations)
        #expect(
            failure.source == #"""
                let operations: [StorageOperation] = [
                    .write(.counting(3), to: "a"),
                    .write(.counting(5000, from: 7), to: "e\u{0301}\0'\"\\", if: .absent),
                    .write(.counting(0), to: StorageKey(String(repeating: "k", count: 1025)), if: .latest),
                    .remove("\u{202E}", if: .latestOf("a")),
                    .remove(""),
                    .list(limit: 2),
                    .list(prefix: "a", after: "a", limit: .max),
                    .listAll(pageSize: 3),
                    .listAll(prefix: String(repeating: "\u{00E9}", count: 512), pageSize: 100),
                    .transact([.write(.counting(1), to: "b", if: .previous), .remove("a", if: .neverIssued)]),
                    .reopen,
                    .crash,
                    .read("a"),
                ]
                try await DifferentialTest.storage(replaying: operations, reference: reference, subject: subject)
                """#
        )
    }

    @Test("the printed code of journal operations is the code of the same values")
    func journalSource() async throws {
        // swift-format-ignore
        let operations: [JournalOperation] = [
            .append([.init(to: "a", [.init(0), .init(1, .counting(3, from: 2), kind: "")]), .init(to: "\n", [], expecting: .empty)]),
            .append([.init(to: "a", [.init(2)], expecting: .exactly(.end(-1)))]),
            .append([.init(to: "a", [.init(3)], expecting: .exactly(.revision(.max)))]),
            .read("a", limit: 10),
            .read(StreamName(String(repeating: "s", count: 1025)), from: .end(), limit: .max, backwards: true),
            .entry("a", id: 1),
            .readAll(limit: 2),
            .readAll(after: .beyondAll, limit: -1),
            .subscribe(),
            .subscribe(after: .entry(4)),
            .saveSnapshot("a", at: .revision(1), .counting(40)),
            .latestSnapshot("a"),
            .compact("a", before: .end(-1)),
            .frontier,
            .entries(pageSize: 1),
            .entries(beyond: .forged(of: 1), pageSize: 100),
            .atPeer(1, .append([.init(to: "a", [.init(9)])])),
            .transfer(JournalTransfer(from: 1, to: 0)),
            .transfer(JournalTransfer(from: 0, to: 2, repeats: true, skipping: 3, limit: 1, isAltered: true)),
            .reopen,
            .crash,
            .verify,
        ]
        let failure = try await #require(throws: DifferentialFailure<JournalOperation>.self) {
            try await DifferentialTest.journal(
                replaying: operations,
                reference: { MemoryJournalHarness() },
                subject: { FlawedJournalHarness(flaw: .appendsOneByOne) }
            )
        }
        #expect(failure.operations == operations)
        #expect(
            failure.source == #"""
                let operations: [JournalOperation] = [
                    .append([.init(to: "a", [.init(0), .init(1, .counting(3, from: 2), kind: "")]), .init(to: "\n", [], expecting: .empty)]),
                    .append([.init(to: "a", [.init(2)], expecting: .exactly(.end(-1)))]),
                    .append([.init(to: "a", [.init(3)], expecting: .exactly(.revision(.max)))]),
                    .read("a", limit: 10),
                    .read(StreamName(String(repeating: "s", count: 1025)), from: .end(), limit: .max, backwards: true),
                    .entry("a", id: 1),
                    .readAll(limit: 2),
                    .readAll(after: .beyondAll, limit: -1),
                    .subscribe(),
                    .subscribe(after: .entry(4)),
                    .saveSnapshot("a", at: .revision(1), .counting(40)),
                    .latestSnapshot("a"),
                    .compact("a", before: .end(-1)),
                    .frontier,
                    .entries(pageSize: 1),
                    .entries(beyond: .forged(of: 1), pageSize: 100),
                    .atPeer(1, .append([.init(to: "a", [.init(9)])])),
                    .transfer(JournalTransfer(from: 1, to: 0)),
                    .transfer(JournalTransfer(from: 0, to: 2, repeats: true, skipping: 3, limit: 1, isAltered: true)),
                    .reopen,
                    .crash,
                    .verify,
                ]
                try await DifferentialTest.journal(replaying: operations, reference: reference, subject: subject)
                """#
        )
    }
}
