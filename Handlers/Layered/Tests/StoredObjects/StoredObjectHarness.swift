internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// Buckets over storages of one kind.
final class StoredObjectHarness<G: StorageGround>: ObjectHarness {
    static var prefix: String { "bucket/é" }

    private let ground: G
    private let open = Mutex<[ManagedHandler<any ObjectStorageEffects>]>([])

    init(_ ground: G) {
        self.ground = ground
    }

    var capabilities: Capabilities {
        StoredObjectStorageHandler.capabilities(prefix: Self.prefix, over: ground.storageCapabilities)
    }

    func make() async throws -> any ObjectStorageEffects {
        let managed = try await ground.storage(ground.newPlace())
            .lending { storage throws(EffectError) in
                let handler = try StoredObjectStorageHandler(over: storage, prefix: Self.prefix, .system)
                return ManagedHandler<any ObjectStorageEffects>(handler) { await handler.close() }
            }
        open.withLock { $0.append(managed) }
        return managed.handler
    }

    func finish() async {
        for managed in open.withLock({ $0 }) { await managed.stop() }
    }
}
