public import AuraEffects

/// The checks that every journal handler makes before it acts, with the same codes and the same words.
public struct JournalValidation: Sendable {
    /// Makes the handler's errors.
    public let errors: HandlerErrors

    private let streamNameBytes: Int
    private let payloadBytes: Int
    private let appendEntries: Int
    private let appendBytes: Int
    private let pageElements: Int
    private let snapshotBytes: Int

    /// Creates the checks of a handler.
    ///
    /// - Parameters:
    ///   - handler: The handler's technology.
    ///   - capabilities: What the handler declares.
    public init(handler: String, capabilities: Capabilities) {
        errors = HandlerErrors(JournalEffect.self, handler: handler)
        streamNameBytes = capabilities.limit(.streamNameBytes)
        payloadBytes = capabilities.limit(.payloadBytes)
        appendEntries = capabilities.limit(.appendEntries)
        appendBytes = capabilities.limit(.appendBytes)
        pageElements = capabilities.limit(.pageElements)
        snapshotBytes = capabilities.limit(.snapshotBytes)
    }

    /// Checks a stream's name.
    ///
    /// - Parameters:
    ///   - stream: The name.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for an empty or a too long name.
    public func check(_ stream: StreamName, in operation: String) throws(EffectError) {
        try checkName(stream.text, "stream", most: streamNameBytes, in: operation)
    }

    /// The number of entries that a page may hold.
    ///
    /// - Parameters:
    ///   - limit: What the caller asked for.
    ///   - operation: The operation's name.
    /// - Returns: The smaller of `limit` and the handler's own limit.
    /// - Throws: ``EffectError`` with `invalidArgument` for a limit below 1.
    public func pageSize(for limit: Int, in operation: String) throws(EffectError) -> Int {
        guard limit >= 1 else {
            throw errors.error(.invalidArgument, in: operation, "The limit is \(limit): ask for at least 1.")
        }
        return min(limit, pageElements)
    }

    /// Checks what an append is to add.
    ///
    /// - Parameter appends: What goes to which stream.
    /// - Throws: ``EffectError`` with `invalidArgument` for too many entries, a stream that occurs twice, an id that occurs
    ///   twice in a stream, or a name, kind or payload that is out of the limits.
    public func check(_ appends: [StreamAppend]) throws(EffectError) {
        let count = appends.reduce(0) { $0 + $1.drafts.count }
        guard count <= appendEntries else {
            let message = "The append has \(count) entries: the most is \(appendEntries). Split it."
            throw errors.error(.invalidArgument, in: "append", message)
        }
        if appendBytes < .max {
            let bytes = appends.reduce(0) { $0 + $1.drafts.reduce(0) { $0 + $1.payload.count } }
            guard bytes <= appendBytes else {
                let message = "The payloads of the append have \(bytes) bytes: the most is \(appendBytes). Split it."
                throw errors.error(.invalidArgument, in: "append", message)
            }
        }
        if appends.count > 1 { try checkStreamsDiffer(appends) }
        for append in appends {
            try check(append.stream, in: "append")
            try checkIDsDiffer(append)
            for draft in append.drafts {
                try check(draft.kind, payloadByteCount: draft.payload.count, in: "append")
            }
        }
    }

    /// Checks the size of what is saved as a snapshot.
    ///
    /// - Parameters:
    ///   - snapshot: The snapshot.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for a name or a state that is out of the limits.
    public func check(_ snapshot: JournalSnapshot, in operation: String) throws(EffectError) {
        try check(snapshot.stream, in: operation)
        guard snapshot.state.count > snapshotBytes else { return }
        let stream = HandlerErrors.quote(snapshot.stream.text)
        let message = "The snapshot of \(stream) has \(snapshot.state.count) bytes: the most is \(snapshotBytes)."
        throw errors.error(.invalidArgument, in: operation, message)
    }

    /// Checks every entry and snapshot of a batch on its own, before the batch is compared with the journal.
    ///
    /// - Parameter batch: What is to be merged.
    /// - Throws: ``EffectError`` with `invalidArgument` for a name, kind, payload or state that is out of the limits,
    ///   a timestamp or sequence that no journal can reach, or an entry that was decrypted.
    public func check(_ batch: JournalBatch) throws(EffectError) {
        for entry in batch.entries {
            try check(entry.stream, in: "merge")
            try check(entry.kind, payloadByteCount: entry.payload?.count ?? 0, in: "merge")
            if case .decrypted = entry.body {
                let message =
                    "Entry \(entry.id) of origin \(entry.origin) was decrypted when it was read: merge what 'entries(beyond:)' "
                    + "gives, which is as the journal holds it."
                throw errors.error(.invalidArgument, in: "merge", message)
            }
            // A forged timestamp near the end of the range would leave no later one for this journal's own entries.
            guard entry.timestamp <= Self.lastTimestamp else {
                let message = "Entry \(entry.id) of origin \(entry.origin) has a timestamp beyond the year 4199."
                throw errors.error(.invalidArgument, in: "merge", message)
            }
        }
        for snapshot in batch.snapshots { try check(snapshot, in: "merge") }
    }

    /// The latest timestamp that a journal takes from another: it leaves room for 2^62 later ones
    /// that a signed number of 64 bits still holds, as a database's.
    public static let lastTimestamp = HybridTimestamp(rawValue: .max / 4)

    private func check(_ kind: EntryKind, payloadByteCount: Int, in operation: String) throws(EffectError) {
        try checkName(kind.text, "kind", most: EntryKind.maximumByteCount, in: operation)
        guard payloadByteCount > payloadBytes else { return }
        let message =
            "The payload of a \(HandlerErrors.quote(kind.text)) has \(payloadByteCount) bytes: the most is "
            + "\(payloadBytes). Keep large content in storage and its key in the journal."
        throw errors.error(.invalidArgument, in: operation, message)
    }

    private func checkName(
        _ text: String,
        _ what: String,
        most: Int,
        in operation: String
    ) throws(EffectError) {
        let count = text.utf8.count
        guard count == 0 || count > most else { return }
        let message =
            count == 0
            ? "The \(what) is empty: give one of at least one byte."
            : "The \(what) has \(count) bytes: the most is \(most)."
        throw errors.error(.invalidArgument, in: operation, message)
    }

    private func checkStreamsDiffer(_ appends: [StreamAppend]) throws(EffectError) {
        var streams: Set<StreamName> = []
        for append in appends where !streams.insert(append.stream).inserted {
            let stream = HandlerErrors.quote(append.stream.text)
            let message = "The stream \(stream) occurs twice: give each stream at most once."
            throw errors.error(.invalidArgument, in: "append", message)
        }
    }

    private func checkIDsDiffer(_ append: StreamAppend) throws(EffectError) {
        // Ids usually come in the order of time: then no set is needed.
        let drafts = append.drafts
        if zip(drafts, drafts.dropFirst()).allSatisfy({ $0.id < $1.id }) { return }
        var ids: Set<EntryID> = []
        ids.reserveCapacity(drafts.count)
        for draft in drafts where !ids.insert(draft.id).inserted {
            let stream = HandlerErrors.quote(append.stream.text)
            let message = "The id \(draft.id) occurs twice for the stream \(stream): give each entry its own."
            throw errors.error(.invalidArgument, in: "append", message)
        }
    }
}
