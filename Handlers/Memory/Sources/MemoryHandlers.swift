internal import AuraEffects
public import AuraRuntime

/// The handlers that keep everything in memory, with a clock that a test moves and a seeded random source.
public struct MemoryHandlers: HandlerBundle {
    /// The network that the bundle's network handlers join, for a test to cut connections in.
    public let network: MemoryNetwork

    /// The functions that the bundle's handlers of functions run.
    public let functions: MemoryFunctions

    /// Where the bundle's handlers of topics push messages to.
    public let pushTargets: MemoryPushTargets

    /// The servers that the bundle's handlers of HTTP reach.
    public let servers: MemoryHTTPServers

    /// Creates the bundle.
    ///
    /// - Parameters:
    ///   - network: The network that its network handlers join.
    ///   - functions: The functions that its handlers of functions run.
    ///   - pushTargets: Where its handlers of topics push messages to.
    ///   - servers: The servers that its handlers of HTTP reach.
    public init(
        network: MemoryNetwork = MemoryNetwork(),
        functions: MemoryFunctions = MemoryFunctions(),
        pushTargets: MemoryPushTargets = MemoryPushTargets(),
        servers: MemoryHTTPServers = MemoryHTTPServers()
    ) {
        self.network = network
        self.functions = functions
        self.pushTargets = pushTargets
        self.servers = servers
    }

    /// Journal, storage, network, HTTP and the services of a cloud in memory; manual time; seeded random numbers.
    public var declarations: [HandlerDeclaration] {
        [Self.journal, Self.storage, networkPeer, http, Self.time, Self.random] + cloud
    }

    private static let journal = HandlerDeclaration(
        JournalEffect.self,
        technology: MemoryJournalHandler.technology,
        summary: "A journal that lives as long as the process.",
        capabilities: { _, _ in MemoryJournalHandler.capabilities },
        make: { _, context throws(EffectError) in
            let handler = MemoryJournalHandler(time: context.time, random: context.random)
            return ManagedHandler(handler) { handler.stop() }
        }
    )

    private static let storage = HandlerDeclaration(
        StorageEffect.self,
        technology: MemoryStorageHandler.technology,
        summary: "Storage that lives as long as the process.",
        capabilities: { _, _ in MemoryStorageHandler.capabilities },
        make: { _, _ throws(EffectError) in ManagedHandler(MemoryStorageHandler()) }
    )

    private static let time = HandlerDeclaration(
        TimeEffect.self,
        technology: ManualTimeHandler.technology,
        summary: "A clock that stands still until a test moves it.",
        settings: [
            .optional(
                "start",
                .integer(0...maximumStart),
                "What the wall clock shows first, in seconds since 1970; the start of 2026 without it."
            )
        ],
        capabilities: { _, _ in ManualTimeHandler.capabilities },
        make: { settings, _ throws(EffectError) in
            let start = settings.integer("start")
                .map {
                    WallTime(nanosecondsSinceEpoch: Int64($0) * 1_000_000_000)
                }
            return ManagedHandler(ManualTimeHandler(start: start ?? ManualTimeHandler.defaultStart))
        }
    )

    private static let random = HandlerDeclaration(
        RandomEffect.self,
        technology: SeededRandomHandler.technology,
        summary: "Random numbers that follow from a seed: not fit for keys or tokens.",
        settings: [.optional("seed", .integer(0...Int.max), default: "0", "What the numbers follow from.")],
        capabilities: { _, _ in Capabilities() },
        make: { settings, _ throws(EffectError) in
            ManagedHandler(SeededRandomHandler(seed: UInt64(settings.integer("seed") ?? 0)))
        }
    )

    private var networkPeer: HandlerDeclaration {
        HandlerDeclaration(
            NetworkEffect.self,
            technology: MemoryNetworkHandler.technology,
            summary: "Messages between peers in one process.",
            settings: [.optional("peer", .string, default: "local", "The address of this peer.")],
            capabilities: { _, _ in MemoryNetworkHandler.capabilities },
            make: { [network] settings, context throws(EffectError) in
                let peer = PeerID(settings.string("peer") ?? "local")
                let handler = try network.join(peer, time: context.time)
                return ManagedHandler(handler) { handler.stop() }
            }
        )
    }

    private var http: HandlerDeclaration {
        HandlerDeclaration(
            HTTPEffect.self,
            technology: MemoryHTTPHandler.technology,
            summary: "HTTP to servers that are closures in the same process.",
            capabilities: { _, _ in MemoryHTTPHandler.capabilities },
            make: { [servers] _, _ throws(EffectError) in ManagedHandler(MemoryHTTPHandler(servers)) }
        )
    }

    // The year 2255: what fits in 64 bits of nanoseconds, with room to advance.
    private static let maximumStart = 9_000_000_000
}
