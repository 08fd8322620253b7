#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// Encrypted storage on some ground, with a vault of its own.
final class EncryptedStorageHarness<G: StorageGround>: ReopeningHarness, SharingHarness, StorageDamagingHarness {
    typealias Handler = any StorageEffects

    private struct Open {
        var managed: ManagedHandler<any StorageEffects>
        var place: G.Place
    }

    let ground: G
    private let budget: ResourceBudget
    private let vault = Mutex<Vault?>(nil)
    private let open = Mutex<[Open]>([])

    init(_ ground: G, budget: ResourceBudget = HandlerContext.system.budget) {
        self.ground = ground
        self.budget = budget
    }

    var capabilities: Capabilities {
        EncryptedStorageHandler.capabilities(key: "notes", over: ground.storageCapabilities)
    }

    func make() async throws -> any StorageEffects {
        let made = try await Vault.withKey()
        vault.withLock { $0 = $0 ?? made }
        return try await open(ground.newPlace())
    }

    func open(_ place: G.Place) async throws -> any StorageEffects {
        let context = try #require(vault.withLock { $0 }).context(budget: budget)
        let managed = try await ground.storage(place)
            .lending { inner throws(EffectError) in
                let handler = try await EncryptedStorageHandler.open(over: inner, key: "notes", context)
                return ManagedHandler<any StorageEffects>(handler) { await handler.close() }
            }
        open.withLock { $0.append(Open(managed: managed, place: place)) }
        return managed.handler
    }

    private func index(of handler: any StorageEffects, in open: [Open]) -> Int? {
        open.firstIndex { $0.managed.handler as AnyObject === handler as AnyObject }
    }

    private func stop(_ handler: any StorageEffects) async throws -> G.Place {
        let taken = try #require(open.withLock { open in index(of: handler, in: open).map { open.remove(at: $0) } })
        await taken.managed.stop()
        return taken.place
    }

    func place(of handler: any StorageEffects) throws -> G.Place {
        try #require(open.withLock { open in index(of: handler, in: open).map { open[$0].place } })
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await open(stop(handler))
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await open(place(of: handler))
    }

    /// Changes the last byte of a value where it is stored.
    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let place = try await stop(storage)
        let inner = try await ground.storage(place)
        let outer = StorageKey("v/" + key.text)
        var bytes = try #require(try await inner.handler.read(outer)).bytes
        bytes[bytes.count - 1] ^= 1
        try await inner.handler.write(bytes, to: outer)
        await inner.stop()
        return try await open(place)
    }

    func finish() async {
        for open in open.withLock({ $0 }) { await open.managed.stop() }
    }
}

extension EncryptedStorageHarness: CrashingHarness where G: CrashingGround {
    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await open(ground.copyAsCrashed(place(of: handler)))
    }
}
#endif
