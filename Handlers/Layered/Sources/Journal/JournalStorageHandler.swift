public import AuraEffects
public import AuraRuntime
internal import Logging
internal import Synchronization

/// Storage over a journal: each key has a stream, and what is stored under it is the stream's last entry.
///
/// The journal keeps what was stored before, and its tools verify, export and replicate it. A write appends, a transaction
/// appends to several streams at once, a precondition is the revision that the append expects of its stream, and a value's
/// revision is its entry's position. Values are read from the journal; the index of keys that a listing needs is in
/// memory, some hundred bytes a key, and is brought up to date by reading on from where it stands.
///
/// The streams whose names begin with the handler's prefix belong to it: nobody else may append to them or compact them.
public final class JournalStorageHandler: StorageEffects {
    /// The name in profiles.
    public static let technology = "journal"

    /// What becomes of values that were overwritten or removed.
    public enum History: String, Sendable, Hashable, CaseIterable {
        /// They stay in the journal.
        case keep
        /// Their bytes are compacted away from time to time.
        case drop
    }

    /// What the storage gives over its journal.
    public let capabilities: Capabilities

    let streams: JournalStorageStreams
    private let journal: any JournalEffects
    private let context: HandlerContext
    private let history: History
    private let validation: StorageValidation
    private let index: JournalStorageIndex

    /// Opens the storage; the journal is not read before a value or a listing is asked for.
    ///
    /// - Parameters:
    ///   - journal: The journal.
    ///   - prefix: What the names of the storage's streams begin with; not empty.
    ///   - history: What becomes of values that were overwritten or removed.
    ///   - context: Time and random source for the entries' ids, and the logger.
    /// - Throws: ``EffectError``: `invalidArgument` for an empty prefix or one that leaves no room for a key,
    ///   `unsupported` where history is to be dropped and the journal does not compact.
    public init(
        over journal: any JournalEffects,
        prefix: String,
        history: History,
        context: HandlerContext
    ) throws(EffectError) {
        capabilities = Self.capabilities(prefix: prefix, over: journal.capabilities)
        validation = StorageValidation(handler: Self.technology, capabilities: capabilities)
        streams = JournalStorageStreams(prefix: prefix)
        self.journal = journal
        self.history = history
        self.context = context
        index = JournalStorageIndex(journal, streams: streams, logger: context.logger)
        guard !prefix.isEmpty, capabilities.limit(.keyBytes) > 0 else {
            let message =
                prefix.isEmpty
                ? "The prefix is empty: name the streams."
                : "The prefix has \(prefix.utf8.count) bytes and leaves no room for a key: the journal takes names of "
                    + "\(journal.capabilities.limit(.streamNameBytes)) bytes."
            throw validation.errors.error(.invalidArgument, in: "open", message)
        }
        if history == .drop {
            for capability in [Capability.snapshots, .compaction] where !journal.capabilities.contains(capability) {
                let message =
                    "The journal does not declare '\(capability)', which dropping history needs: keep it, or choose a "
                    + "journal that does."
                throw validation.errors.error(.unsupported, in: "open", message)
            }
        }
    }

    /// What a storage declares, given what its journal does.
    public static func capabilities(prefix: String, over journal: Capabilities) -> Capabilities {
        var capabilities = Capabilities(
            journal.features.intersection([.durable, .multiProcess]).union([.transactions])
        )
        capabilities.limits[.keyBytes] = journal.limits[.streamNameBytes].map { max(0, $0 - prefix.utf8.count) }
        capabilities.limits[.valueBytes] = journal.limits[.payloadBytes]
        capabilities.limits[.transactionMutations] = journal.limits[.appendEntries]
        capabilities.limits[.pageElements] = 10_000
        return capabilities
    }

    /// Keeps the index for the next start, where the journal takes snapshots.
    public func close() async {
        await index.save()
    }

    // MARK: StorageEffects

    /// The value under a key: its stream's last entry.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(key, in: "read")
        return try await last(of: key, in: "read").value
    }

    /// Appends a value to its key's stream.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.errors.checkCancellation(in: "write")
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        let mutation = StorageMutation.write(bytes, to: key, if: precondition)
        return try await appending(in: "write") { () throws(EffectError) in [try await part(mutation, in: "write")] }[0]
    }

    /// Appends a removal to its key's stream, where there is a value.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        let appended = try await appending(in: "remove") { () throws(EffectError) -> [StreamAppend] in
            let last = try await last(of: key, in: "remove")
            try validation.check(precondition, on: key, stored: last.value?.revision, in: "remove")
            if last.value == nil { return [] }
            return [StreamAppend([draft(.remove)], to: streams.name(of: key), expecting: last.expectation)]
        }
        return !appended.isEmpty
    }

    /// Keys in the order of their bytes, from the index in memory.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try validation.errors.checkCancellation(in: "list")
        let size = try validation.pageSize(for: limit)
        do throws(EffectError) {
            return try await index.page(prefix: prefix, after: key, size: size)
        } catch {
            throw mapped(error, in: "list")
        }
    }

    /// Appends every change at once, each to its key's stream.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try validation.errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        let revisions = try await appending(in: "transact") { () throws(EffectError) -> [StreamAppend] in
            var appends: [StreamAppend] = []
            appends.reserveCapacity(mutations.count)
            for mutation in mutations { appends.append(try await part(mutation, in: "transact")) }
            return appends
        }
        return zip(mutations, revisions).map { mutation, revision in mutation.change == .remove ? nil : revision }
    }

    // MARK: The journal

    /// What a key's stream ends with.
    private struct Last {
        var value: StoredValue?
        /// What an append expects that goes right behind it.
        var expectation: ExpectedRevision
    }

    private func last(of key: StorageKey, in operation: String) async throws(EffectError) -> Last {
        let entries: [JournalEntry]
        do throws(EffectError) {
            entries = try await journal.read(streams.name(of: key), from: nil, limit: 1, backwards: true)
        } catch {
            throw mapped(error, in: operation)
        }
        guard let entry = entries.first else { return Last(value: nil, expectation: .empty) }
        let expectation = ExpectedRevision.exactly(entry.revision)
        switch entry.kind {
        case JournalStorageStreams.removed:
            return Last(value: nil, expectation: expectation)
        case JournalStorageStreams.written:
            let revision = StorageRevision(rawValue: entry.position.rawValue)
            guard let bytes = entry.payload else { break }
            return Last(value: StoredValue(bytes: bytes, revision: revision), expectation: expectation)
        default: break
        }
        throw validation.errors.error(
            .corrupted,
            in: operation,
            "The stream of \(HandlerErrors.quote(key.text)) ends with an entry that is no value of this storage: give the "
                + "storage a prefix that no other stream has."
        )
    }

    /// What to append for a change; a condition becomes what the append expects.
    private func part(_ mutation: StorageMutation, in operation: String) async throws(EffectError) -> StreamAppend {
        var expectation = ExpectedRevision.any
        if mutation.precondition != .none {
            let last = try await last(of: mutation.key, in: operation)
            try validation.check(mutation.precondition, on: mutation.key, stored: last.value?.revision, in: operation)
            expectation = last.expectation
        }
        return StreamAppend([draft(mutation.change)], to: streams.name(of: mutation.key), expecting: expectation)
    }

    private func draft(_ change: StorageMutation.Change) -> JournalEntry.Draft {
        let id = EntryID(time: context.time, random: context.random)
        switch change {
        case .write(let bytes): return JournalEntry.Draft(id: id, kind: JournalStorageStreams.written, payload: bytes)
        case .remove: return JournalEntry.Draft(id: id, kind: JournalStorageStreams.removed, payload: [])
        }
    }

    /// Appends what `parts` judges right, and judges again where another writer was faster.
    ///
    /// - Returns: The revision of each part.
    private func appending(
        in operation: String,
        _ parts: () async throws(EffectError) -> [StreamAppend]
    ) async throws(EffectError) -> [StorageRevision] {
        while true {
            let appends = try await parts()
            if appends.isEmpty { return [] }
            do throws(EffectError) {
                let receipts = try await journal.append(appends)
                if history == .drop { await dropHistory(receipts) }
                return receipts.map { StorageRevision(rawValue: $0.lastPosition?.rawValue ?? 0) }
            } catch {
                guard error.code == .preconditionFailed else { throw mapped(error, in: operation) }
            }
        }
    }

    private func mapped(_ error: EffectError, in operation: String) -> EffectError {
        validation.errors.error(
            error.code,
            in: operation,
            error.message,
            cause: error,
            isRetryable: error.isRetryable,
            outcome: error.outcome
        )
    }

    // MARK: History

    /// How many entries a stream grows by until its older ones are dropped.
    private static let entriesPerCompaction: UInt64 = 16

    /// Compacts the streams that have grown; what fails is tried again when they have grown once more.
    private func dropHistory(_ receipts: [AppendReceipt]) async {
        for receipt in receipts {
            guard let last = receipt.lastRevision, last > .first, last.rawValue % Self.entriesPerCompaction == 0 else {
                continue
            }
            do throws(EffectError) {
                // What the snapshot stands for is over: the last entry alone is the state.
                try await journal.saveSnapshot(JournalSnapshot(stream: receipt.stream, revision: last, state: []))
                try await journal.compact(receipt.stream, before: last)
            } catch {
                context.logger.debug("History was not dropped this time: \(error)")
            }
        }
    }
}
