internal import AuraEffects
internal import AuraRuntime

/// How much a replicator sends, holds and does at once: derived from the budget and what the handlers declare.
struct ReplicationLimits: Sendable {
    /// The largest message.
    let messageBytes: Int
    /// About how many bytes of entries are merged at once.
    let batchBytes: Int
    /// The largest payload or snapshot that is taken in parts.
    let largePayloadBytes: Int
    /// The largest snapshot that is taken in parts.
    let largeSnapshotBytes: Int
    /// How many exchanges run at once: their batches together stay within a quarter of the journal's cache.
    let mostExchanges: Int
    /// How many requests are answered at once.
    let mostAnswers: Int
    /// The most entries of a page.
    let pageEntries: Int

    init(budget: ResourceBudget, network: any NetworkEffects, journal: any JournalEffects) {
        let capabilities = journal.capabilities
        messageBytes = min(network.capabilities.limit(.envelopeBytes), ReplicationProtocol.mostMessageBytes)
        batchBytes = min(budget.writeBatch.bytes, messageBytes)
        // What a journal sets no limit to is limited by the memory.
        let memory = max(1, budget.memoryLimit.bytes / 4)
        largePayloadBytes = min(capabilities.limit(.payloadBytes), memory)
        // What a snapshot covers comes on top of its state.
        largeSnapshotBytes = min(capabilities.limit(.snapshotBytes), memory) + ByteCount.mebibytes(1).bytes
        mostExchanges = min(32, max(1, budget.journalCache.bytes / 4 / max(1, batchBytes)))
        mostAnswers = max(2, budget.readerCount)
        pageEntries = min(10_000, capabilities.limit(.pageElements))
    }
}
