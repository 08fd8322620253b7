internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// A layered storage.
enum Layer: Sendable {
    case caching(isExclusive: Bool)
    case prefixing
    case journal(JournalStorageHandler.History)

    /// A prefix whose last letter takes a combining mark that a key may begin with.
    static let prefix = "tenant-7/é"

    func capabilities(over ground: some Ground) -> Capabilities {
        switch self {
        case .caching(let isExclusive):
            CachingStorageHandler.capabilities(over: ground.storageCapabilities, isExclusive: isExclusive)
        case .prefixing:
            PrefixingStorageHandler.capabilities(prefix: Self.prefix, over: ground.storageCapabilities)
        case .journal:
            JournalStorageHandler.capabilities(prefix: Self.prefix, over: ground.journalCapabilities)
        }
    }

    /// Opens what the layer stands on, and the layer.
    func open<G: Ground>(on ground: G, _ place: G.Place) async throws -> ManagedHandler<any StorageEffects> {
        switch self {
        case .caching(let isExclusive):
            return try await ground.storage(place)
                .lending { inner throws(EffectError) in
                    ManagedHandler(
                        CachingStorageHandler(over: inner, capacity: .kibibytes(64), isExclusive: isExclusive)
                    )
                }
        case .prefixing:
            return try await ground.storage(place)
                .lending { inner throws(EffectError) in
                    ManagedHandler(try PrefixingStorageHandler(prefix: Self.prefix, over: inner))
                }
        case .journal(let history):
            return try await ground.journal(place)
                .lending { inner throws(EffectError) in
                    let handler = try JournalStorageHandler(
                        over: inner,
                        prefix: Self.prefix,
                        history: history,
                        context: .system
                    )
                    return ManagedHandler(handler) { await handler.close() }
                }
        }
    }
}

/// Layered storages that are open, and where.
final class OpenLayers<G: Ground>: Sendable {
    private struct Open {
        var managed: ManagedHandler<any StorageEffects>
        var place: G.Place
    }

    let layer: Layer
    let ground: G
    private let open = Mutex<[Open]>([])

    init(_ layer: Layer, on ground: G) {
        self.layer = layer
        self.ground = ground
    }

    func open(_ place: G.Place) async throws -> any StorageEffects {
        let managed = try await layer.open(on: ground, place)
        open.withLock { $0.append(Open(managed: managed, place: place)) }
        return managed.handler
    }

    func place(of handler: any StorageEffects) throws -> G.Place {
        try #require(
            open.withLock { $0.first { $0.managed.handler as AnyObject === handler as AnyObject }?.place }
        )
    }

    /// Stops a storage and tells where it was.
    func stop(_ handler: any StorageEffects) async throws -> G.Place {
        let taken = try #require(
            open.withLock { open in
                open.firstIndex { $0.managed.handler as AnyObject === handler as AnyObject }.map { open.remove(at: $0) }
            }
        )
        await taken.managed.stop()
        return taken.place
    }

    func stopAll() async {
        for open in open.withLock({ $0 }) { await open.managed.stop() }
    }
}

protocol LayeredHarness: ReopeningHarness where Handler == any StorageEffects {
    associatedtype G: Ground
    var layers: OpenLayers<G> { get }
}

extension LayeredHarness {
    var capabilities: Capabilities { layers.layer.capabilities(over: layers.ground) }

    func make() async throws -> any StorageEffects {
        try await layers.open(layers.ground.newPlace())
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await layers.open(layers.stop(handler))
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await layers.open(layers.place(of: handler))
    }

    func finish() async {
        await layers.stopAll()
    }
}

/// In memory.
struct MemoryLayeredHarness: LayeredHarness, SharingHarness {
    let layers: OpenLayers<MemoryGround>

    init(_ layer: Layer) {
        layers = OpenLayers(layer, on: MemoryGround())
    }
}

/// In memory that one handler has for itself.
struct ExclusiveMemoryHarness: LayeredHarness {
    let layers: OpenLayers<MemoryGround>

    init(_ layer: Layer) {
        layers = OpenLayers(layer, on: MemoryGround())
    }
}

#if SQLite
extension LayeredHarness where G == SQLiteGround {
    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await layers.open(layers.ground.copyAsCrashed(layers.place(of: handler)))
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let place = try await layers.stop(storage)
        switch layers.layer {
        case .caching: try layers.ground.damage(place, key: key.text)
        case .prefixing: try layers.ground.damage(place, key: Layer.prefix + key.text)
        case .journal: try layers.ground.damage(place, stream: Layer.prefix + key.text)
        }
        return try await layers.open(place)
    }
}

/// On files.
struct FileLayeredHarness: LayeredHarness, SharingHarness, CrashingHarness, StorageDamagingHarness {
    let layers: OpenLayers<SQLiteGround>

    init(_ layer: Layer) throws {
        layers = OpenLayers(layer, on: try SQLiteGround())
    }
}

/// On files that one handler has for itself.
struct ExclusiveFileHarness: LayeredHarness, CrashingHarness, StorageDamagingHarness {
    let layers: OpenLayers<SQLiteGround>

    init(_ layer: Layer) throws {
        layers = OpenLayers(layer, on: try SQLiteGround())
    }
}
#endif
