internal import ArgumentParser
internal import AuraEffects
internal import AuraReplication
internal import AuraRuntime
internal import FieldnotesCore

struct ServeCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Exchange notes with every peer as they are written, until it is stopped.",
        discussion: """
            Notes of this device travel as soon as they are durable, also those that another 'fieldnotes' writes meanwhile; notes \
            of peers are in the list and the search as soon as they arrive. SIGTERM or Ctrl-C ends it, with exit code 0.

            Examples:
              fieldnotes serve --sync --profile server
              fieldnotes serve --sync --json | jq .event
            """
    )

    @Flag(help: "Exchange entries with the peers of the profile's network.")
    var sync = false

    @Flag(help: "Print a line of JSON for each event.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        guard sync else { throw ValidationError("Say what to serve: '--sync' exchanges notes with peers.") }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let output = SyncOutput(isJSON: json)
        // Before the first word: a network that cannot be had ends the command at once.
        _ = try await effects.network.peers()
        let notebook = try await Notebook.open(effects)
        var configuration = ReplicationConfiguration()
        // Devices of one server do not know each other.
        configuration.fanout = .max
        let replicator = JournalReplicator(
            effects,
            budget: context.budget,
            configuration: configuration,
            logger: context.logger
        )
        output.started(effects.network.localPeer, context.profile.name)
        let parts = [
            ServingPart(ending: "the exchange with peers ended") { try await replicator.run() },
            ServingPart(ending: "the journal was closed") {
                try await ArrivingNotes(notebook: notebook, output: output).project()
            },
            ServingPart(ending: "the network was closed") { try await output.tellConnections(effects.network) },
        ]
        do {
            try await ServingPart.run(parts)
        } catch  where Task.isCancelled {
            // Each part ends like this when it is stopped.
        }
        output.stopped(replicator.status)
    }
}

/// One of the things that `serve` does at once until it is stopped.
struct ServingPart: Sendable {
    /// What it means when it ends by itself.
    let ending: String
    let work: @Sendable () async throws -> Void

    init(ending: String, _ work: @escaping @Sendable () async throws -> Void) {
        self.ending = ending
        self.work = work
    }

    /// Does all parts side by side until the task is cancelled.
    ///
    /// - Throws: What the first part throws that fails; ``EffectError`` with `unavailable` where one ends by itself.
    static func run(_ parts: [ServingPart]) async throws {
        try await withThrowingTaskGroup(of: String.self) { group in
            for part in parts {
                group.addTask {
                    try await part.work()
                    return part.ending
                }
            }
            defer { group.cancelAll() }
            guard let ending = try await group.next(), !Task.isCancelled else { return }
            throw EffectError(.unavailable, "'serve' cannot go on, since \(ending): start it again.")
        }
    }
}

/// Brings the projection up to date whenever the journal has new entries, whoever brought them.
private struct ArrivingNotes {
    private static let pageSize = 1000

    let notebook: Notebook
    let output: SyncOutput

    func project() async throws(EffectError) {
        let journal = notebook.effects.journal
        var end = Position.start
        while true {
            let start = end
            while let last = try await journal.readAll(after: end, limit: Self.pageSize).last { end = last.position }
            if end > start {
                try await notebook.catchUp()
                output.projected(through: end, of: try await journal.frontier())
            }
            var next = journal.subscribe(after: end).makeAsyncIterator()
            guard try await next.next() != nil else { return }
        }
    }
}
