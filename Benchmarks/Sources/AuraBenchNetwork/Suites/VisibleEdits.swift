internal import AuraEffects
internal import AuraReplication
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import AuraTLSNetwork
internal import CBaselineNetwork
internal import Logging
internal import Measuring

/// How long an entry takes from its receipt on one node until it is synced and can be read on another: the 99th percentile.
///
/// Both nodes replicate over TLS, and each has a journal in SQLite that is synced before every receipt.
final class VisibleEdits: Comparison {
    let name: String
    let unit = "ms"
    let isHigherBetter = false
    let target: Target
    let warmsUp = false

    private let nodes: Nodes
    private let count: Int
    /// By how much a round trip is made longer, in milliseconds.
    private let addedMilliseconds: Double

    init(_ name: String, below limit: Double, addedMilliseconds: Double = 0, folder: String, count: Int) {
        self.name = name
        target = .oursBelow(limit)
        nodes = Nodes(folder: "\(folder)/edits")
        self.count = count
        self.addedMilliseconds = addedMilliseconds
    }

    func prepare() async throws {
        try makeFolder(nodes.folder)
        try nodes.trust(["client", "server"].map { try nodes.makeIdentity($0) })
    }

    func measureOurs() async throws -> Double {
        let server = try await nodes.open("server", listens: true)
        let port = server.listening?.port ?? 0
        let times =
            if addedMilliseconds > 0 {
                try await withDelay(to: port) { try await timesOfEdits(to: server, at: $0) }
            } else {
                try await timesOfEdits(to: server, at: port)
            }
        await server.close()
        return times.sorted()[times.count * 99 / 100]
    }

    func finish() async throws {
        removeFolder(nodes.folder)
    }

    /// Lends a node's journal while it replicates.
    private func replicating<Result>(
        _ name: String,
        _ network: TLSNetworkHandler,
        _ body: (any JournalEffects) async throws -> Result
    ) async throws -> Result {
        let path = "\(nodes.folder)/\(name).db"
        removeDatabase(path)
        let profile = try Profile(
            yaml: """
                profile: bench
                environment: server
                journal: { handler: sqlite, path: "\(path)" }
                time: { handler: system }
                random: { handler: system }
                """
        )
        let registry = HandlerRegistry {
            SQLiteHandlers()
            SystemHandlers()
        }
        return try await withAssembled(profile, registry, variables: [:]) { effects, context in
            var effects = effects
            effects.network = network
            let replicator = JournalReplicator(effects, budget: context.budget, logger: context.logger)
            let replication = Task { try await replicator.run() }
            defer { replication.cancel() }
            return try await body(effects.journal)
        }
    }

    /// Lends the port of a longer way to a port.
    private func withDelay<Result>(to port: Int, _ body: (Int) async throws -> Result) async throws -> Result {
        var listening: Int32 = 0
        guard let delay = baseline_network_delay_open(Int32(port), addedMilliseconds / 2000, &listening) else {
            throw Nodes.Failure(description: "A longer way to port \(port) could not be opened.")
        }
        defer { baseline_network_delay_close(delay) }
        return try await body(Int(listening))
    }

    /// How long each entry took that another node, which dials this port, appended, in milliseconds.
    private func timesOfEdits(to server: TLSNetworkHandler, at port: Int) async throws -> [Double] {
        let client = try await nodes.open("client", peers: [PeerAddress(host: "127.0.0.1", port: port)])
        let times = try await replicating("server", server) { reader in
            try await replicating("client", client) { writer in
                while try await client.peers().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                return try await timesOfEdits(from: writer, to: reader)
            }
        }
        await client.close()
        return times
    }

    /// How long each entry took, in milliseconds.
    private func timesOfEdits(from writer: any JournalEffects, to reader: any JournalEffects) async throws -> [Double] {
        let clock = ContinuousClock()
        var arriving = reader.subscribe(after: .start).makeAsyncIterator()
        var times: [Double] = []
        for number in 1...count {
            let draft = JournalEntry.Draft(
                id: EntryID(rawValue: UInt128(number)),
                kind: "note.added/1",
                payload: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 256)
            )
            try await writer.append([draft], to: "notes")
            let start = clock.now
            guard try await arriving.next()?.id == draft.id else {
                throw MissingEntries(expected: count, found: number - 1)
            }
            times.append(start.duration(to: clock.now) / .milliseconds(1))
        }
        return times
    }
}
