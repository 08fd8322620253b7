#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraOpenSSL
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraLayered

/// Signed journals on some ground, which sign when they are closed: laws that count entries find those of the law.
final class SignedJournalHarness<G: Ground>: ReopeningHarness, SharingHarness, JournalHarness {
    private struct Open {
        var managed: ManagedHandler<any JournalEffects>
        var place: G.Place
    }

    let ground: G
    private let vault = Mutex<Vault?>(nil)
    private let open = Mutex<[Open]>([])

    init(_ ground: G) {
        self.ground = ground
    }

    var capabilities: Capabilities { ground.journalCapabilities }

    private func context() async throws -> HandlerContext {
        let made = Vault()
        _ = try await made.createKey("device", .ed25519)
        return vault.withLock { vault in
            let kept = vault ?? made
            vault = kept
            return kept.context()
        }
    }

    func make() async throws -> any JournalEffects {
        try await open(ground.newPlace())
    }

    func open(_ place: G.Place) async throws -> any JournalEffects {
        let context = try await context()
        let settings = SignedJournalHandler.Settings(key: "device", interval: .seconds(3600))
        let managed = try await ground.journal(place)
            .lending { inner throws(EffectError) in
                let handler = try await SignedJournalHandler.open(over: inner, settings, context)
                return ManagedHandler<any JournalEffects>(handler) { await handler.close() }
            }
        open.withLock { $0.append(Open(managed: managed, place: place)) }
        return managed.handler
    }

    private func index(of handler: any JournalEffects, in open: [Open]) -> Int? {
        open.firstIndex { $0.managed.handler as AnyObject === handler as AnyObject }
    }

    func place(of handler: any JournalEffects) throws -> G.Place {
        try #require(open.withLock { open in index(of: handler, in: open).map { open[$0].place } })
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let taken = try #require(open.withLock { open in index(of: handler, in: open).map { open.remove(at: $0) } })
        await taken.managed.stop()
        return try await open(taken.place)
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(place(of: handler))
    }

    func finish() async {
        for open in open.withLock({ $0 }) { await open.managed.stop() }
    }
}

#if SQLite
extension SignedJournalHarness: CrashingHarness where G == SQLiteGround {
    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(ground.copyAsCrashed(place(of: handler)))
    }
}
#endif

/// Journals in memory that require signatures, and sign whenever somebody asks how far they are.
final class RequiringJournalHarness: JournalHarness {
    private static let origins = (1...8).map { OriginID(rawValue: UInt128($0)) }

    private struct Members {
        var vault: Vault
        var trusted: [TrustedKey]
        var open: [SignedJournalHandler] = []
    }

    private let members = Mutex<Members?>(nil)

    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects {
        let made = Vault()
        let key = try await made.createKey("device", .ed25519)
        let publicKey = try await made.crypto.publicKey(of: key.id)
        let (vault, trusted, number) = members.withLock { members in
            let trusted = Self.origins.map { TrustedKey(origin: $0, publicKey: publicKey) }
            let kept = members ?? Members(vault: made, trusted: trusted)
            members = kept
            return (kept.vault, kept.trusted, kept.open.count)
        }
        let base = MemoryJournalHandler(time: HandlerContext.system.time, origin: Self.origins[number])
        let settings = SignedJournalHandler.Settings(key: "device", isRequired: true, trusted: trusted)
        let context = vault.context(time: ManualTimeHandler())
        let handler = try await SignedJournalHandler.open(over: base, settings, context)
        members.withLock { $0?.open.append(handler) }
        return handler
    }

    func finish() async {
        for handler in members.withLock({ $0?.open ?? [] }) { await handler.close() }
    }
}
#endif
