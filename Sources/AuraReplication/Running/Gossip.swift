internal import AuraEffects
internal import AuraRuntime

/// Begins an exchange with one peer after each interval.
struct IntervalGossip: Duty {
    let core: ReplicationCore
    let choice: PeerChoice

    func run() async throws(EffectError) {
        while true {
            try await core.time.sleep(for: core.nextPause())
            try await choice.beginExchanges(1)
        }
    }
}

/// Begins exchanges at once, and then as soon as the journal has new entries, whoever brought them.
struct EntryGossip: Duty {
    let core: ReplicationCore
    let choice: PeerChoice

    func run() async throws(EffectError) {
        var end = Position.start
        while true {
            do throws(EffectError) {
                // Read before the exchanges begin: an entry that they miss lies beyond it.
                end = try await core.journal.end(after: end)
                let frontier = try await core.journal.frontier()
                try await choice.beginExchanges(core.configuration.fanout, lacking: frontier)
                var entries = core.journal.subscribe(after: end).makeAsyncIterator()
                _ = try await entries.next()
            } catch {
                try core.skip(error)
                try await core.time.sleep(for: core.nextPause())
            }
        }
    }
}

/// Begins an exchange with a peer as soon as it is connected, to go on where the last one was cut off.
struct ConnectionGossip: Duty {
    let core: ReplicationCore
    let events: NetworkSequence<PeerEvent>

    func run() async throws(EffectError) {
        var events = events.makeAsyncIterator()
        while let event = try await events.next() {
            guard case .connected(let peer) = event, core.isAllowed(peer) else { continue }
            core.withState { state in
                guard state.peers[peer] != nil else { return }
                state.update(peer) { $0.notBefore = MonotonicInstant(nanoseconds: .min) }
            }
            core.beginExchanges(with: [peer])
        }
        throw core.errors.stopped(in: ReplicationCore.operation)
    }
}
