#if AWS
internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import Foundation
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

/// Makes journals over tables of DynamoDB.
private final class DynamoDBJournalHarness: JournalHarness, ReopeningHarness, SharingHarness {
    private let services = TestServices.shared()
    private let open = Mutex<[(journal: KeyValueJournalHandler, table: String)]>([])

    var capabilities: Capabilities {
        KeyValueJournalHandler.capabilities(over: DynamoDBKeyValueHandler.capabilities)
    }

    private func open(_ table: DynamoDBKeyValueHandler) async throws -> any JournalEffects {
        let journal = try await KeyValueJournalHandler.open(over: table, .init(), services.context)
        open.withLock { $0.append((journal, table.layout.table)) }
        return journal
    }

    private func table(of handler: any JournalEffects) throws -> String {
        try #require(open.withLock { open in open.first { $0.journal === handler as AnyObject }?.table })
    }

    func make() async throws -> any JournalEffects { try await open(services.table()) }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        await (handler as? KeyValueJournalHandler)?.close()
        return try await second(handler)
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(services.table(table(of: handler)))
    }

    func finish() async {
        for (journal, _) in open.withLock({ $0 }) { await journal.close() }
        await services.close()
    }
}

@Suite("A journal over a table of DynamoDB")
struct DynamoDBJournalTests {
    /// Every eighth law, or with `AURA_SOAK` each: the emulator takes its time for each request.
    private static let laws: [JournalLaw] = {
        let all = JournalLaw.applicable(to: DynamoDBJournalHarness())
        guard ProcessInfo.processInfo.environment["AURA_SOAK"] == nil else { return all }
        return all.sampled(every: 8)
    }()

    @Test("the laws of the journal", arguments: laws)
    func journal(_ law: JournalLaw) async throws {
        try await law.check(DynamoDBJournalHarness())
    }
}
#endif
