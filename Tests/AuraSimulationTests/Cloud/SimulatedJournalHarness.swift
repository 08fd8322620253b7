internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import AuraSimulation
internal import Logging
internal import Synchronization
internal import Testing

/// Makes journals over simulated key-values.
final class SimulatedJournalHarness: JournalHarness, ReopeningHarness, SharingHarness {
    private struct Journal {
        var handler: KeyValueJournalHandler
        var table: any KeyValueEffects
    }

    private let clouds: SimulatedClouds
    private let journals = Mutex<[Journal]>([])

    init(_ clouds: SimulatedClouds) {
        self.clouds = clouds
    }

    var capabilities: Capabilities {
        KeyValueJournalHandler.capabilities(over: SimulatedKeyValueHandler.capabilities)
    }

    private func open(_ table: any KeyValueEffects) async throws -> any JournalEffects {
        let context = HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 1, ioQuota: .mebibytes(100)),
            time: clouds.time,
            random: SeededRandomHandler(seed: UInt64(journals.withLock { $0.count }) + 1),
            logger: Logger(label: "test")
        )
        let journal = try await KeyValueJournalHandler.open(over: table, .init(), context)
        journals.withLock { $0.append(Journal(handler: journal, table: table)) }
        return journal
    }

    func make() async throws -> any JournalEffects {
        try await open(clouds.surrounded(KeyValuesEffect.self, clouds.make().keyValues(for: "a")))
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        await (handler as? KeyValueJournalHandler)?.close()
        return try await second(handler)
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let journal = journals.withLock { $0.first { $0.handler === handler as AnyObject } }
        return try await open(try #require(journal).table)
    }

    func finish() async {
        for journal in journals.withLock({ $0 }) { await journal.handler.close() }
        await clouds.stop()
    }
}
