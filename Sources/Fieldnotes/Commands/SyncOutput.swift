internal import AuraEffects
internal import AuraReplication
internal import AuraRuntime

/// What `serve` says: a line for each event, at once.
struct SyncOutput: Sendable {
    let isJSON: Bool

    func started(_ peer: PeerID, _ profile: String) {
        say(
            ["event": "started", "peer": .string(peer.rawValue), "profile": .string(profile)],
            "Serving as \(peer) on the profile '\(profile)'."
        )
    }

    /// Tells of the peers that are connected, and of connections that begin and end, until the task is cancelled or the
    /// network is stopped.
    func tellConnections(_ network: any NetworkEffects) async throws(EffectError) {
        // Before the look at who is there: nobody may come in between unseen.
        var events = network.events().makeAsyncIterator()
        var connected = Set(try await network.peers())
        for peer in connected.sorted() { tellConnected(peer) }
        while let event = try await events.next() {
            switch event {
            case .connected(let peer):
                if connected.insert(peer).inserted { tellConnected(peer) }
            case .disconnected(let peer):
                guard connected.remove(peer) != nil else { continue }
                say(["event": "disconnected", "peer": .string(peer.rawValue)], "\(peer) is gone.")
            }
        }
    }

    private func tellConnected(_ peer: PeerID) {
        say(["event": "connected", "peer": .string(peer.rawValue)], "\(peer) is connected.")
    }

    func projected(through position: Position, of frontier: JournalFrontier) {
        let number = Int(clamping: position.rawValue)
        say(
            ["event": "projected", "position": .integer(number), "rootHash": .string(frontier.rootHash.description)],
            "Notes are up to date with entry \(number)."
        )
    }

    func stopped(_ status: ReplicationStatus) {
        let received = status.peers.reduce(0) { $0 + $1.received }
        let sent = status.peers.reduce(0) { $0 + $1.sent }
        say(
            ["event": "stopped", "received": .integer(received), "sent": .integer(sent)],
            "Stopped. \(received) entries came, \(sent) went."
        )
    }

    private func say(_ json: JSONValue, _ text: String) {
        print(isJSON ? json.line : text)
        // Whoever reads it waits for it.
        Terminal.flush()
    }
}
