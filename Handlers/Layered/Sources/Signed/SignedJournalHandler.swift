public import AuraEffects
public import AuraRuntime

/// A journal that signs its own entries, and can demand that others' are signed.
///
/// A signature is an entry of the journal: of the kind `aura.head/1`, in the stream `aura.heads/ORIGIN`. It names the origin's
/// entry right before it, whose hash covers all that lie below, and counts only where it stands: so signatures travel with
/// every replication, export and copy, and anybody who has the public key can check them. Applications pass over them, and
/// cannot append there.
///
/// Heads are signed in the background: one signature for all appends of an ``Settings/interval``. A receipt does not wait for
/// it. An unsigned head that an earlier life left is signed after the opening, and the last one when the handler is closed; a
/// copied journal's only once somebody appends to it.
///
/// Where signatures are required, nothing leaves unsigned and nothing comes in unsigned: ``frontier()`` and
/// ``entries(beyond:limit:)`` sign before they answer, and ``merge(_:)`` takes of each other origin what a signature of a trusted key covers. Entries whose
/// signature is yet to come, in the next batch, are held back in memory, at most a quarter of the budget's memory; they are
/// neither in the journal nor in its frontier, and after a restart they are asked for again. Snapshots of others are not taken:
/// nobody signs them, so that entries which were compacted away at the sender come only where this journal's own snapshot
/// stands for them.
public final class SignedJournalHandler: JournalEffects, InterceptedHandler {
    /// How a journal signs, and whom it believes.
    public struct Settings: Sendable, Hashable {
        /// The name of the signing key in the key store: a key of ``KeyAlgorithm/ed25519``.
        public var key: KeyName
        /// How long after an append its entries are signed at the latest.
        public var interval: Duration
        /// Whether entries of other origins are taken only where they are signed.
        public var isRequired: Bool
        /// The keys that other origins sign with; an origin that changed its key has several.
        public var trusted: [TrustedKey]

        /// Creates settings.
        public init(
            key: KeyName,
            interval: Duration = .milliseconds(100),
            isRequired: Bool = false,
            trusted: [TrustedKey] = []
        ) {
            self.key = key
            self.interval = interval
            self.isRequired = isRequired
            self.trusted = trusted
        }
    }

    /// The name in profiles.
    public static let technology = "signed"

    /// The journal underneath, which holds the signatures.
    public let base: any JournalEffects

    private let settings: Settings
    private let errors = HandlerErrors(JournalEffect.self, handler: SignedJournalHandler.technology)
    private let keys: HeadKeys
    private let signer: HeadSigner
    private let merging: SignedMerge

    /// What the journal underneath declares.
    public var capabilities: Capabilities { base.capabilities }

    /// Opens the journal, and begins to sign.
    ///
    /// - Parameters:
    ///   - journal: The journal underneath.
    ///   - settings: How it signs, and whom it believes.
    ///   - context: Crypto, keys, time, random source, budget and logger.
    /// - Returns: The open journal; end it with ``close()``.
    /// - Throws: ``EffectError``: `unauthenticated` where the key store lacks the key, `invalidArgument` for a key of another
    ///   algorithm.
    public static func open(
        over journal: any JournalEffects,
        _ settings: Settings,
        _ context: HandlerContext
    ) async throws(EffectError) -> SignedJournalHandler {
        let handler = SignedJournalHandler(journal, settings, context)
        _ = try await handler.keys.current(in: "open")
        handler.signer.start()
        return handler
    }

    private init(_ journal: any JournalEffects, _ settings: Settings, _ context: HandlerContext) {
        base = journal
        self.settings = settings
        keys = HeadKeys(settings.key, trusted: settings.trusted, context, errors: errors)
        signer = HeadSigner(journal, keys, interval: settings.interval, context, errors: errors)
        let mostHeld = Self.mostHeld(within: context.budget)
        merging = SignedMerge(journal, keys, mostHeld: mostHeld, errors: errors)
    }

    /// How much is held back at most until a signature comes: room for the largest payload that replication takes.
    static func mostHeld(within budget: ResourceBudget) -> ByteCount {
        ByteCount(bytes: budget.memoryLimit.bytes / 4)
    }

    /// Ends the journal, after its head is signed.
    public func close() async {
        await signer.close()
    }

    // MARK: Appending

    /// Appends entries; their signature follows.
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try errors.checkCancellation(in: "append")
        try refuseReserved(appends)
        try await signer.gate.enter(in: "append")
        defer { signer.gate.leave() }
        let receipts = try await base.append(appends)
        signer.note(receipts)
        return receipts
    }

    private func refuseReserved(_ appends: [StreamAppend]) throws(EffectError) {
        for append in appends {
            try refuseReserved(append.stream, in: "append")
            guard append.drafts.contains(where: { $0.kind == HeadSignature.kind }) else { continue }
            throw errors.error(
                .invalidArgument,
                in: "append",
                "The kind '\(HeadSignature.kind)' is that of signatures: choose another one."
            )
        }
    }

    private func refuseReserved(_ stream: StreamName, in operation: String) throws(EffectError) {
        guard stream.text.utf8.starts(with: HeadSignature.streamPrefix.utf8) else { return }
        throw errors.error(
            .invalidArgument,
            in: operation,
            "The stream \(HandlerErrors.quote(stream.text)) holds signatures: it is not for applications, and stays whole."
        )
    }

    // MARK: Reading

    /// Entries of a stream.
    public func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try await base.read(stream, from: revision, limit: limit, backwards: backwards)
    }

    /// The entry of a stream with an id.
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try await base.entry(stream, id: id)
    }

    /// Entries of all streams in the order of their positions, signatures among them.
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try await base.readAll(after: position, limit: limit)
    }

    /// Entries of all streams as they are committed, signatures among them.
    public func subscribe(after position: Position) -> JournalSubscription {
        base.subscribe(after: position)
    }

    // MARK: Snapshots and compaction

    /// Keeps the state of a stream.
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try await base.saveSnapshot(snapshot)
    }

    /// The last snapshot kept of a stream.
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try await base.latestSnapshot(of: stream)
    }

    /// Drops the payloads of a stream's entries below a revision; not those of signatures.
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try refuseReserved(stream, in: "compact")
        try await base.compact(stream, before: revision)
    }

    // MARK: Replication

    /// How far the journal knows each origin's entries; what is held back is not among them.
    ///
    /// Where signatures are required, the journal's own head is signed before: others compare themselves with what they can get.
    public func frontier() async throws(EffectError) -> JournalFrontier {
        if settings.isRequired {
            do throws(EffectError) {
                try await signer.settle()
            } catch {
                // The signer says so in the log; how far the journal is can be told without it.
                if error.code == .cancelled { throw errors.cancelled(in: "frontier") }
            }
        }
        return try await base.frontier()
    }

    /// Entries beyond a frontier; where signatures are required, the journal's own head is signed before.
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        if settings.isRequired { try await signer.settle() }
        return try await base.entries(beyond: frontier, limit: limit)
    }

    /// Takes in entries of other journals; where signatures are required, as far as those cover them.
    ///
    /// - Parameter batch: The entries.
    /// - Returns: How many entries were new and how many known; those that are held back are neither, and count when they are
    ///   merged.
    /// - Throws: ``EffectError``, as every journal does; where signatures are required also `permissionDenied` for an origin or a
    ///   key that is not trusted, `corrupted` for a signature that is not true, and `invalidArgument` for more entries without a
    ///   signature than are held back. Nothing was merged then.
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        guard settings.isRequired else { return try await base.merge(batch) }
        try errors.checkCancellation(in: "merge")
        var own = try await signer.ownOrigin()
        if own == nil { own = try await base.maintenance?.identity().origin }
        return try await merging.merge(batch, own: own)
    }

    /// Checks the journal underneath and every signature in it; where signatures are required, that they cover all entries.
    public func verify() async throws(EffectError) -> VerificationReport {
        var failure: EffectError?
        if settings.isRequired {
            do throws(EffectError) {
                try await signer.settle()
            } catch {
                failure = error
            }
        }
        var verification = SignedVerification(journal: base, keys: keys, isRequired: settings.isRequired)
        if let own = try await signer.ownOrigin() { verification.own = (own, signer.signedSequence(of: own)) }
        var report = try await verification.report()
        if let failure {
            let message = "The head of the journal's own origin cannot be signed: \(failure.message)"
            report.problems.append(.init(position: nil, message: message))
        }
        return report
    }
}
