internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import Synchronization

/// Signs the head of a journal's own origin some time after an append: one signature for all that was appended meanwhile.
///
/// While it signs no append of this handler begins, so that the signature follows its head. Another process may come in
/// between: then it signs again.
final class HeadSigner: Sendable {
    private static let operation = "sign"
    /// How often others may come in between before it waits for the next time.
    private static let mostTries = 4
    private static let longestPause = Duration.seconds(60)

    private struct State {
        /// The origin of the journal's own entries, as far as known.
        var origin: OriginID?
        /// Where the last append went, until its origin was looked up: a tool may have given the journal another one.
        var appended: Position?
        /// The signature that is the last entry of its origin.
        var last: (origin: OriginID, sequence: UInt64)?
        /// How many appends there had been when the head was last found signed.
        var settledGeneration: UInt64 = 0
        /// Whether a signature was begun of which it is not known whether it follows its head: where another process came in
        /// between, it is the journal's last entry and signs nothing.
        var hasStraySignature = false
    }

    /// Appends go through it.
    let gate: AppendGate

    private let journal: any JournalEffects
    private let keys: HeadKeys
    private let interval: Duration
    private let time: any TimeEffects
    private let random: any RandomEffects
    private let logger: Logger
    private let state = Mutex(State())
    private let appends = ChangeSignal()
    private let tasks = TaskOwner()

    init(
        _ journal: any JournalEffects,
        _ keys: HeadKeys,
        interval: Duration,
        _ context: HandlerContext,
        errors: HandlerErrors
    ) {
        self.journal = journal
        self.keys = keys
        self.interval = interval
        time = context.time
        random = context.random
        logger = context.logger
        gate = AppendGate(errors: errors)
    }

    /// Begins to sign; an earlier life may have left an unsigned head.
    func start() {
        tasks.start { [self] in await run() }
    }

    /// Ends it, after the last head is signed.
    func close() async {
        tasks.cancel()
        await tasks.wait()
        guard state.withLock({ $0.hasStraySignature || $0.settledGeneration < appends.generation }) else { return }
        do throws(EffectError) {
            try await settle()
        } catch {
            logger.warning("The journal's head was not signed; the next start signs it: \(error)")
        }
    }

    /// Takes note of what was appended.
    func note(_ receipts: [AppendReceipt]) {
        guard let position = receipts.lazy.compactMap(\.lastPosition).max() else { return }
        state.withLock { $0.appended = position }
        appends.notify()
    }

    /// The sequence of the last signature of an origin that this handler made or found; zero where there was none.
    func signedSequence(of origin: OriginID) -> UInt64 {
        state.withLock { state in state.last.flatMap { $0.origin == origin ? $0.sequence : nil } ?? 0 }
    }

    /// The origin of the journal's own entries; `nil` where it cannot be told, or nothing may be written under it.
    func ownOrigin() async throws(EffectError) -> OriginID? {
        if let position = state.withLock(\.appended) {
            let origin = try await entry(at: position)?.origin
            state.withLock { state in
                state.origin = origin
                if state.appended == position { state.appended = nil }
            }
            return origin
        }
        if let known = state.withLock(\.origin) { return known }
        guard let identity = try await journal.maintenance?.identity(), !identity.isCopy else { return nil }
        state.withLock { $0.origin = identity.origin }
        return identity.origin
    }

    private func entry(at position: Position) async throws(EffectError) -> JournalEntry? {
        try await journal.readAll(after: Position(rawValue: position.rawValue - 1), limit: 1).first
    }

    // MARK: Signing

    private func run() async {
        var pause = interval
        while true {
            do throws(EffectError) {
                try await time.sleep(for: pause)
                let generation = appends.generation
                try await settle()
                pause = interval
                try await appends.wait(beyond: generation)
            } catch {
                if error.code == .cancelled || Task.isCancelled { return }
                if pause <= interval { logger.warning("The journal's head is not signed; tried again soon: \(error)") }
                pause = min(Self.longestPause, max(pause, .milliseconds(10)) * 2)
            }
        }
    }

    /// Signs the head of the journal's own origin where it is not signed.
    ///
    /// - Throws: ``EffectError`` where the key cannot be used or the journal not be written; `unavailable` where other processes
    ///   came in between each time.
    func settle() async throws(EffectError) {
        let generation = appends.generation
        guard try await unsignedHead() != nil else { return noteSettled(generation) }
        try await gate.close(in: Self.operation)
        defer { gate.open() }
        for _ in 0..<Self.mostTries {
            let generation = appends.generation
            if let unsigned = try await unsignedHead(), try await !sign(unsigned.head, of: unsigned.origin) { continue }
            state.withLock { $0.hasStraySignature = false }
            return noteSettled(generation)
        }
        throw EffectError(
            .unavailable,
            "Other processes append faster than the head can be signed.",
            effect: JournalEffect.name,
            operation: Self.operation,
            handler: SignedJournalHandler.technology
        )
    }

    private func unsignedHead() async throws(EffectError) -> (origin: OriginID, head: JournalFrontier.Head)? {
        guard let origin = try await ownOrigin() else { return nil }
        guard let head = try await journal.frontier().heads[origin] else { return nil }
        if state.withLock({ $0.last.map { $0 == (origin, head.sequence) } ?? false }) { return nil }
        let stream = HeadSignature.stream(of: origin)
        let last = try await journal.read(stream, from: nil, limit: 1, backwards: true).first
        guard let last, last.origin == origin, last.sequence == head.sequence, HeadSignature(following: last) != nil
        else {
            return (origin, head)
        }
        state.withLock { $0.last = (origin, head.sequence) }
        return nil
    }

    private func noteSettled(_ generation: UInt64) {
        state.withLock { $0.settledGeneration = max($0.settledGeneration, generation) }
    }

    /// Appends a signature of a head.
    ///
    /// - Returns: Whether it follows the head.
    private func sign(_ head: JournalFrontier.Head, of origin: OriginID) async throws(EffectError) -> Bool {
        let key = try await keys.current(in: Self.operation)
        let id = EntryID(time: time, random: random)
        var signature = HeadSignature(origin: origin, head: head, keyVersion: key.version, publicKey: key.publicKey)
        signature.signature = try await keys.crypto.sign(signature.message(in: id), key: key.id)
        let draft = JournalEntry.Draft(id: id, kind: HeadSignature.kind, payload: signature.payload)
        state.withLock { $0.hasStraySignature = true }
        let receipt = try await journal.append([draft], to: HeadSignature.stream(of: origin))
        guard let position = receipt.lastPosition, let entry = try await entry(at: position) else { return false }
        state.withLock { $0.origin = entry.origin }
        guard entry.origin == origin, entry.sequence == head.sequence + 1 else { return false }
        state.withLock { $0.last = (origin, entry.sequence) }
        return true
    }
}
