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
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await replicator.run() }
                group.addTask { try await ArrivingNotes(notebook: notebook, output: output).project() }
                group.addTask { try await output.tellConnections(effects.network) }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch  where Task.isCancelled {
            output.stopped(replicator.status)
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
                output.projected(through: end)
            }
            var next = journal.subscribe(after: end).makeAsyncIterator()
            guard try await next.next() != nil else { return }
        }
    }
}
