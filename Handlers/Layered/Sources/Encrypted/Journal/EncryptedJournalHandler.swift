public import AuraEffects
public import AuraRuntime
internal import Synchronization

/// A journal whose payloads and snapshots are encrypted and authenticated, over another one that sees neither.
///
/// Payloads are sealed as ``EncryptedStorageHandler`` seals values, bound to the entry's stream, id and kind; the entries of
/// one append share a derived key. What the journal underneath keeps, hashes and exchanges with others is the ciphertext: anybody
/// can verify its chain without a key, and ``entries(beyond:limit:)`` and ``merge(_:)`` carry it as it is. Nodes that replicate
/// with each other share the data key by name and version: what does not open under it is not merged. An entry that is read
/// carries both, its payload and what is stored (``JournalEntry/Body/decrypted(_:stored:)``), so that its hash still follows.
///
/// An append that is repeated by its ids compares plaintexts. Where the known payload was compacted away there is none to
/// compare, and the append throws `compacted` instead of guessing.
///
/// Signatures of heads (``SignedJournalHandler``) are the only payloads that are not encrypted, whether that handler is above or
/// below this one.
///
/// Entries stay as they were written: after a rotation new ones are sealed under the new version, and the earlier versions
/// are needed for as long as their entries are. Stream names, ids, kinds, timestamps and sizes are not hidden. The chain of
/// hashes finds what was altered, left out or put in another order below a head that somebody knows; a snapshot is bound to its
/// stream alone, so an earlier snapshot of a stream in the place of a later one is not found.
public final class EncryptedJournalHandler: JournalEffects, InterceptedHandler {
    /// The name in profiles.
    public static let technology = "encrypted"

    /// What the journal underneath declares, with room for what encryption adds.
    public let capabilities: Capabilities

    /// The journal underneath, whose payloads are ciphertext.
    public let base: any JournalEffects

    private let sealer: Sealer
    private let validation: JournalValidation
    /// Where an entry of the journal's own is.
    private let ownPosition = Mutex<Position?>(nil)

    /// Opens the journal.
    ///
    /// - Parameters:
    ///   - journal: The journal underneath.
    ///   - key: The data key's name in the key store: a key of ``KeyAlgorithm/hmacSHA256``.
    ///   - context: Crypto, keys and random source.
    /// - Returns: The open journal.
    /// - Throws: ``EffectError``: `unauthenticated` where the key store lacks the key, or has another one of its name than the
    ///   journal's first entry was sealed under, or the snapshot that covers it once it was compacted; `corrupted` where that
    ///   is not encrypted; `invalidArgument` for a key of another algorithm; `unsupported` where the random source can be
    ///   foretold.
    public static func open(
        over journal: any JournalEffects,
        key: KeyName,
        _ context: HandlerContext
    ) async throws(EffectError) -> EncryptedJournalHandler {
        let handler = EncryptedJournalHandler(journal, key, context)
        try handler.sealer.checkRandom(in: "open")
        _ = try await handler.sealer.keys.current(in: "open")
        try await handler.proveKey()
        return handler
    }

    /// Opens what the journal cannot be without: its first payload, or the snapshot that a compaction of it was covered by.
    private func proveKey() async throws(EffectError) {
        guard let first = try await base.readAll(after: .start, limit: 1).first else { return }
        if first.payload != nil {
            _ = try await sealer.open([first], in: "open")
        } else if try await snapshot(of: first.stream, in: "open") == nil {
            throw validation.errors.error(
                .corrupted,
                in: "open",
                "The stream \(HandlerErrors.quote(first.stream.text)) has compacted entries and no snapshot that covers them: "
                    + "restore the journal from a backup."
            )
        }
    }

    private init(_ journal: any JournalEffects, _ key: KeyName, _ context: HandlerContext) {
        base = journal
        capabilities = Self.capabilities(key: key, over: journal.capabilities)
        validation = JournalValidation(handler: Self.technology, capabilities: capabilities)
        sealer = Sealer(DataKeys(key, context, errors: validation.errors), context)
    }

    /// What an encrypted journal declares, given what the journal underneath does.
    public static func capabilities(key: KeyName, over journal: Capabilities) -> Capabilities {
        let size = SealedSize(key)
        var capabilities = journal
        for limit in [Limit.payloadBytes, .snapshotBytes] {
            capabilities.limits[limit] = journal.limits[limit].map { size.largestPlaintext(within: $0) }
        }
        if let bytes = journal.limits[.appendBytes] {
            let entries = journal.limits[.appendEntries] ?? 1
            let rest = max(bytes / 8, bytes - entries * size.leastOverhead)
            capabilities.limits[.appendBytes] = size.largestPlaintext(within: rest)
        }
        return capabilities
    }

    // MARK: Appending

    /// Seals the payloads and appends the entries; a repeated append gets the first receipts.
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try validation.errors.checkCancellation(in: "append")
        try validation.check(appends)
        let sealed = try await sealer.seal(appends, in: "append")
        do throws(EffectError) {
            let receipts = try await base.append(sealed)
            if let position = receipts.first?.lastPosition { ownPosition.withLock { $0 = position } }
            return receipts
        } catch  where error.code == .conflict {
            let repeated = RepeatedAppend(journal: base, sealer: sealer, origin: try await ownOrigin())
            guard let receipts = try await repeated.firstReceipts(of: appends) else { throw error }
            return receipts
        }
    }

    /// The origin of the journal's own entries, where it can be told.
    private func ownOrigin() async throws(EffectError) -> OriginID? {
        if let maintenance = base.maintenance { return try await maintenance.identity().origin }
        if let position = ownPosition.withLock({ $0 }) {
            let before = Position(rawValue: position.rawValue - 1)
            return try await base.readAll(after: before, limit: 1).first?.origin
        }
        // The only origin there is must be the own one: an id of it is known.
        let heads = try await base.frontier().heads
        return heads.count == 1 ? heads.keys.first : nil
    }

    // MARK: Reading

    /// Entries of a stream, decrypted.
    public func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        let entries = try await base.read(stream, from: revision, limit: limit, backwards: backwards)
        return try await sealer.open(entries, in: "read")
    }

    /// The entry of a stream with an id, decrypted.
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        guard let entry = try await base.entry(stream, id: id) else { return nil }
        return try await sealer.open([entry], in: "entry").first
    }

    /// Entries of all streams in the order of their positions, decrypted.
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try await sealer.open(base.readAll(after: position, limit: limit), in: "readAll")
    }

    /// Entries of all streams as they are committed, decrypted.
    public func subscribe(after position: Position) -> JournalSubscription {
        @Sendable func nextPage(after position: Position) async throws(EffectError) -> [JournalEntry] {
            let page = try await base.readAll(after: position, limit: Self.subscriptionPage)
            if !page.isEmpty { return try await sealer.open(page, in: "subscribe") }
            var live = base.subscribe(after: position).makeAsyncIterator()
            guard let entry = try await live.next() else { return [] }
            return try await sealer.open([entry], in: "subscribe")
        }
        return JournalSubscription(after: position, nextPage: nextPage)
    }

    private static let subscriptionPage = 256

    // MARK: Snapshots and compaction

    /// Seals the state of a stream and keeps it.
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "saveSnapshot")
        try validation.check(snapshot, in: "saveSnapshot")
        var sealed = snapshot
        sealed.state = try await sealer.seal(snapshot.state, as: .snapshot(snapshot.stream), in: "saveSnapshot").bytes
        sealed.storedState = nil
        try await base.saveSnapshot(sealed)
    }

    /// The last snapshot kept of a stream, decrypted.
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try await snapshot(of: stream, in: "latestSnapshot")
    }

    private func snapshot(
        of stream: StreamName,
        in operation: String
    ) async throws(EffectError) -> JournalSnapshot? {
        guard var snapshot = try await base.latestSnapshot(of: stream) else { return nil }
        snapshot.storedState = snapshot.state
        snapshot.state = try await sealer.open(snapshot.state, as: .snapshot(stream), in: operation)
        return snapshot
    }

    /// Drops the payloads of a stream's entries below a revision.
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try await base.compact(stream, before: revision)
    }

    // MARK: Replication

    /// How far the journal knows each origin's entries.
    public func frontier() async throws(EffectError) -> JournalFrontier {
        try await base.frontier()
    }

    /// Entries beyond a frontier as they are stored: encrypted, and so are the snapshots.
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try await base.entries(beyond: frontier, limit: limit)
    }

    /// Takes in encrypted entries of other journals as they are, once every payload and snapshot was opened.
    ///
    /// - Parameter batch: The entries; ones that were decrypted are taken as they are stored.
    /// - Returns: How many entries were new and how many known.
    /// - Throws: ``EffectError``, as every journal does; also `conflict` for what is not encrypted or does not authenticate, and
    ///   `preconditionFailed` for what was sealed under a key or version that the key store does not hold.
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        try validation.errors.checkCancellation(in: "merge")
        var stored = batch
        for (index, entry) in batch.entries.enumerated() {
            if case .decrypted(_, stored: let bytes) = entry.body { stored.entries[index].body = .payload(bytes) }
        }
        for (index, snapshot) in batch.snapshots.enumerated() {
            guard let state = snapshot.storedState else { continue }
            stored.snapshots[index].state = state
            stored.snapshots[index].storedState = nil
        }
        try await sealer.authenticate(stored, in: "merge")
        return try await base.merge(stored)
    }

    /// Checks the journal underneath, and that every payload can be decrypted.
    public func verify() async throws(EffectError) -> VerificationReport {
        var report = try await base.verify()
        var position = Position.start
        while report.isClean {
            let page = try await base.readAll(after: position, limit: Self.subscriptionPage)
            guard let last = page.last else { break }
            for entry in page where report.problems.count < VerificationReport.maximumProblemCount {
                do throws(EffectError) {
                    _ = try await sealer.open([entry], in: "verify")
                } catch {
                    guard error.code == .corrupted || error.code == .unauthenticated else { throw error }
                    report.problems.append(.init(position: entry.position, message: error.message))
                }
            }
            position = last.position
        }
        return report
    }
}
