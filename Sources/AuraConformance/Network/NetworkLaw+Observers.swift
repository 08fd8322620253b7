internal import AuraEffects

extension Law where Handler == [any NetworkEffects] {
    static var observers: [NetworkLaw] {
        [
            NetworkLaw("every observer learns of every event", .ability(.disconnect)) { harness in
                let nodes = try await harness.make()
                let observers = (0..<3).map { _ in nodes[0].events() }
                let peer = nodes[1].localPeer
                try await harness.disconnecting(nodes[0], nodes[1])
                try await harness.reconnecting(nodes[0], nodes[1])
                for (number, observer) in observers.enumerated() {
                    let events = try await observer.first(1)
                    try expectEqual(events, [.disconnected(peer)], "the first event of observer \(number)")
                }
            },
            NetworkLaw("an observer learns of what happens from then on", .ability(.disconnect)) { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let early = nodes[0].events()
                try await harness.disconnecting(nodes[0], nodes[1])
                try await early.wait(for: .disconnected(peer))
                let late = nodes[0].events()
                try await harness.reconnecting(nodes[0], nodes[1])
                try expectEqual(try await late.first(1), [.connected(peer)], "the first event of a later observer")
            },
        ]
    }
}
