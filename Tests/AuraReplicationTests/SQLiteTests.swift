#if SQLite
internal import AuraEffects
internal import AuraMemory
@testable internal import AuraReplication
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Foundation
internal import Logging
internal import Testing

@Suite("Journals on SQLite", .timeLimit(.minutes(5)))
struct SQLiteTests {
    private let network = MemoryNetwork()
    private let folder = TestFolder()

    @Test("journals on files converge with each other and with one in memory")
    func converge() async throws {
        try await withJournal("left") { leftJournal in
            try await withJournal("right") { rightJournal in
                let left = try TestNode("left", 1, on: network, journal: leftJournal)
                let right = try TestNode("right", 2, on: network, journal: rightJournal)
                let memory = try TestNode("memory", 3, on: network)
                try await left.append(0..<800)
                try await right.append(0..<300, to: "other")
                try await memory.append(0..<50)
                try await running([left, right, memory]) {
                    for node in [left, right, memory] { try await node.waitForEntries(1150) }
                }
                try await expectEqual([left, right, memory], entries: 1150)
                for node in [left, right, memory] { #expect(node.network.arrivals.values.allSatisfy { $0 == 1 }) }
            }
        }
    }

    @Test("a journal that is opened again goes on where it was")
    func reopened() async throws {
        let source = try TestNode("source", 9, on: network)
        try await source.append(0..<600)
        try await withJournal("left") { journal in
            let left = try TestNode("left", 1, on: network, journal: journal)
            try await running([source]) {
                let task = Task { try await left.replicator.synchronize(with: source.name) }
                try await left.waitForEntries(200)
                task.cancel()
                _ = try? await task.value
            }
            left.network.stop()
        }
        try await withJournal("left") { journal in
            let left = try TestNode("left", 1, on: network, journal: journal)
            let known = Int(try await journal.frontier().sequence(of: OriginID(rawValue: 9)))
            #expect(known >= 200)
            let report = try await running([source]) { try await left.replicator.synchronize(with: source.name) }
            #expect(report.received == 600 - known && left.network.arrivedCount == 600 - known)
            try await expectEqual([source, left], entries: 600)
        }
    }

    @Test("compacted history and a forked chain are the same on files")
    func compactedAndForked() async throws {
        try await withJournal("left") { leftJournal in
            try await withJournal("right") { rightJournal in
                let left = try TestNode("left", 1, on: network, journal: leftJournal)
                let right = try TestNode("right", 2, on: network, journal: rightJournal)
                try await left.append(0..<100)
                let end = Revision(rawValue: 90)
                try await leftJournal.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: [1, 2, 3]))
                try await leftJournal.compact("notes", before: end)
                var trunk = ForeignChain(9)
                let shared = trunk.entries(3)
                var branch = ForeignChain(9, after: trunk)
                _ = try await leftJournal.merge(JournalBatch(entries: shared + trunk.entries(4)))
                _ = try await rightJournal.merge(JournalBatch(entries: shared + branch.entries(2)))
                let report = try await running([right]) { try await left.replicator.synchronize(with: right.name) }
                #expect(report.sent == 100 && report.quarantined.map(\.origin) == [trunk.origin])
                #expect(right.replicator.status.quarantined.map(\.origin) == [trunk.origin])
                #expect(try await rightJournal.latestSnapshot(of: "notes")?.state == [1, 2, 3])
                #expect(try await rightJournal.read("notes", from: end, limit: 100).count == 10)
                #expect(try await rightJournal.verify().isClean)
            }
        }
    }

    private func withJournal(_ name: String, _ body: (SQLiteJournalHandler) async throws -> Void) async throws {
        let context = HandlerContext(
            budget: .testing,
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let configuration = SQLiteConfiguration(path: folder.file("\(name).sqlite"), budget: context.budget)
        let journal = try await SQLiteJournalHandler.open(configuration, context)
        do {
            try await body(journal)
        } catch {
            await journal.close()
            throw error
        }
        await journal.close()
    }
}

/// A folder that is removed with its last reference.
private final class TestFolder: Sendable {
    private let path: String

    init() {
        path = NSTemporaryDirectory() + "aura-replication-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}
#endif
