#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraLayered

/// Encrypted journals on some ground, with a vault that all share.
final class EncryptedJournalHarness<G: Ground>: ReopeningHarness, SharingHarness, SealingJournalHarness {
    typealias Handler = any JournalEffects

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

    var capabilities: Capabilities {
        EncryptedJournalHandler.capabilities(key: "notes", over: ground.journalCapabilities)
    }

    private func context() async throws -> HandlerContext {
        let made = try await Vault.withKey()
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
        let managed = try await ground.journal(place)
            .lending { inner throws(EffectError) in
                let handler = try await EncryptedJournalHandler.open(over: inner, key: "notes", context)
                return ManagedHandler<any JournalEffects>(handler)
            }
        open.withLock { $0.append(Open(managed: managed, place: place)) }
        return managed.handler
    }

    private func index(of handler: any JournalEffects, in open: [Open]) -> Int? {
        open.firstIndex { $0.managed.handler as AnyObject === handler as AnyObject }
    }

    func stop(_ handler: any JournalEffects) async throws -> G.Place {
        let taken = try #require(open.withLock { open in index(of: handler, in: open).map { open.remove(at: $0) } })
        await taken.managed.stop()
        return taken.place
    }

    func place(of handler: any JournalEffects) throws -> G.Place {
        try #require(open.withLock { open in index(of: handler, in: open).map { open[$0].place } })
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(stop(handler))
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(place(of: handler))
    }

    func sealed(_ draft: JournalEntry.Draft, in stream: StreamName) async throws -> JournalEntry.Draft {
        let context = try await context()
        let errors = HandlerErrors(JournalEffect.self, handler: "encrypted")
        var sealing = EntrySealing(Sealer(DataKeys("notes", context, errors: errors), context), in: "append")
        let sealed = try await sealing.seal(draft, for: stream)
        await sealing.forget()
        return sealed
    }

    func finish() async {
        for open in open.withLock({ $0 }) { await open.managed.stop() }
    }
}

#if SQLite
extension EncryptedJournalHarness: CrashingHarness where G == SQLiteGround {
    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(ground.copyAsCrashed(place(of: handler)))
    }
}
#endif
#endif
