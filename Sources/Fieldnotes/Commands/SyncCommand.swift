internal import ArgumentParser
internal import AuraEffects
internal import AuraReplication
internal import AuraRuntime
internal import FieldnotesCore

struct SyncCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Exchange notes with a peer once, in both directions.",
        discussion: """
            The peer runs 'fieldnotes serve --sync'. PEER is its identity, its name in the trust folder, or where it is. What was \
            exchanged before an interruption stays; the next time goes on from there. The exit code is 1 where something could \
            not be exchanged.

            Examples:
              fieldnotes sync office --profile server
              fieldnotes sync office@node1.example:8443 --json
            """
    )

    @Argument(help: "The peer: an identity, a name, or [PEER@]HOST:PORT.")
    var peer: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let found = try await PeerSearch(effects: effects).find(peer)
        let replicator = JournalReplicator(effects, budget: context.budget, logger: context.logger)
        let display = ProgressDisplay(effects.time)
        let report: SynchronizationReport
        do {
            defer { display.finish() }
            report = try await Self.exchange(with: found, by: replicator, display, effects.time)
        }
        _ = try await Notebook.open(effects)
        print(json ? report.json.line : report.text)
        guard report.unsent == 0, report.quarantined.isEmpty else { throw ExitCode.failure }
    }

    /// Exchanges, and shows how far that is.
    private static func exchange(
        with peer: PeerID,
        by replicator: JournalReplicator,
        _ display: ProgressDisplay,
        _ time: any TimeEffects
    ) async throws -> SynchronizationReport {
        try await withThrowingTaskGroup(of: SynchronizationReport?.self) { group in
            group.addTask { try await replicator.synchronize(with: peer) }
            group.addTask {
                while true {
                    try await time.sleep(for: .milliseconds(100))
                    guard let state = replicator.status.peers.first(where: { $0.peer == peer }) else { continue }
                    display.show("exchanging: \(state.received) entries came, \(state.sent) went")
                }
            }
            defer { group.cancelAll() }
            guard let report = try await group.next() ?? nil else {
                throw EffectError(.internal, "The exchange ended without a report.")
            }
            return report
        }
    }
}

extension SynchronizationReport {
    fileprivate var json: JSONValue {
        [
            "peer": .string(peer.rawValue),
            "received": .integer(received),
            "sent": .integer(sent),
            "receivedBytes": .integer(receivedBytes),
            "sentBytes": .integer(sentBytes),
            "unsent": .integer(unsent),
            "quarantined": .array(quarantined.map { .string($0.message) }),
        ]
    }

    fileprivate var text: String {
        var lines = [
            "\(received) entries (\(ByteCount(bytes: receivedBytes))) came from \(peer), \(sent) "
                + "(\(ByteCount(bytes: sentBytes))) went there."
        ]
        if unsent > 0 { lines.append("It still lacks \(unsent): run this again.") }
        lines += quarantined.map { "left out: \($0.message)" }
        return lines.joined(separator: "\n")
    }
}
