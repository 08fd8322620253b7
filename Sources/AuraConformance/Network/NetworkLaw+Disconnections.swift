internal import AuraEffects

extension Law where Handler == [any NetworkEffects] {
    static var disconnections: [NetworkLaw] {
        [
            NetworkLaw("both sides learn of a disconnection, and nobody else", .ability(.disconnect)) { harness in
                let nodes = try await harness.make()
                let events = nodes.map { $0.events() }
                try await harness.disconnecting(nodes[0], nodes[1])
                try await events[0].wait(for: .disconnected(nodes[1].localPeer))
                try await events[1].wait(for: .disconnected(nodes[0].localPeer))
                try await nodes[0].expectUnreachable(nodes[1].localPeer)
                try await nodes[1].expectUnreachable(nodes[0].localPeer)
                try await nodes[0].send(.numbered(1), to: nodes[2].localPeer)
                try await nodes[2].send(.numbered(2), to: nodes[1].localPeer)
                try expectEqual(
                    try await nodes[2].incoming("numbers").first(1).map(\.number),
                    [1],
                    "the third's message"
                )
                try expectEqual(
                    try await nodes[1].incoming("numbers").first(1).map(\.number),
                    [2],
                    "the second's message"
                )
                // Had the third learnt of anything, that would come before what happens to it now.
                try await harness.disconnecting(nodes[1], nodes[2])
                let learnt = try await events[2].first(1)
                try expectEqual(learnt, [.disconnected(nodes[1].localPeer)], "the first event of the third")
            },
            NetworkLaw("both sides learn of a new connection, which delivers again", .ability(.disconnect)) { harness in
                let nodes = try await harness.make()
                let events = nodes.map { $0.events() }
                for round in 0..<3 {
                    try await harness.disconnecting(nodes[0], nodes[1])
                    try await events[0].wait(for: .disconnected(nodes[1].localPeer))
                    try await events[1].wait(for: .disconnected(nodes[0].localPeer))
                    try await harness.reconnecting(nodes[0], nodes[1])
                    try await events[0].wait(for: .connected(nodes[1].localPeer))
                    try await events[1].wait(for: .connected(nodes[0].localPeer))
                    try await nodes[0].send(.numbered(round), to: nodes[1].localPeer)
                    try await nodes[1].send(.numbered(round), to: nodes[0].localPeer)
                    for node in nodes.prefix(2) {
                        let arrived = try await node.incoming("numbers").first(1)
                        try expectEqual(arrived.map(\.number), [round], "the message of round \(round)")
                    }
                }
            },
            NetworkLaw("each connection delivers an ordered prefix of what was sent over it", .ability(.disconnect)) {
                harness in
                for round in 0..<6 {
                    try await sendAcrossDisconnections(harness, seed: 300 + UInt64(round))
                }
            },
            NetworkLaw("a waiting sender learns of a disconnection", .ability(.disconnect)) { harness in
                let nodes = try await harness.make()
                let sender = try await floodUntilStill(nodes).sender
                try await harness.disconnecting(nodes[0], nodes[1])
                try await within(Patience.step, "a sender that waits for room") {
                    _ = try await expectFailure(.unavailable, "a sender that waits for room", outcome: nil) {
                        try await sender.value
                    }
                }
            },
            NetworkLaw("a request whose connection ends is unavailable, its outcome unknown", .ability(.disconnect)) {
                harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let requester = Task { try await nodes[0].request(.numbered(1), to: peer, timeout: .seconds(100)) }
                let request = try require(await nodes[1].incoming("numbers").first(1).first, "the request")
                let events = nodes[1].events()
                try await harness.disconnecting(nodes[0], nodes[1])
                try await within(Patience.step, "a request whose connection ended") {
                    _ = try await expectFailure(.unavailable, "a request", outcome: .unknown) {
                        try await requester.value
                    }
                }
                // The other side learns of it in its own time.
                try await events.wait(for: .disconnected(nodes[0].localPeer))
                let reply = await outcome { try await nodes[1].reply(.numbered(2), to: request) }
                guard case .failure(let error) = reply else {
                    return try expect(false, "a reply without a connection went through")
                }
                let code = (error as? EffectError)?.code
                try expect(code == .unavailable || code == .invalidArgument, "the reply failed with \(error)")
            },
            NetworkLaw("a reply to a request of an earlier connection reaches no other", .ability(.disconnect)) {
                harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let first = Task { try await nodes[0].request(.numbered(1), to: peer, timeout: .seconds(25)) }
                let old = try require(await nodes[1].incoming("numbers").first(1).first, "the first request")
                let events = nodes.map { $0.events() }
                try await harness.disconnecting(nodes[0], nodes[1])
                _ = await first.result
                try await harness.reconnecting(nodes[0], nodes[1])
                try await events[0].wait(for: .connected(peer))
                try await events[1].wait(for: .connected(nodes[0].localPeer))
                let second = Task { try await nodes[0].request(.numbered(2), to: peer, timeout: .seconds(25)).number }
                let new = try require(await nodes[1].incoming("numbers").first(1).first, "the second request")
                _ = await outcome { try await nodes[1].reply(.numbered(101), to: old) }
                _ = await outcome { try await nodes[1].reply(.numbered(102), to: new) }
                let reply = try await within(Patience.step, "the second request") { try await second.value }
                try expectEqual(reply, 102, "the reply to the second request")
            },
        ]
    }

    /// Sends while the connection breaks and mends, and expects an ordered prefix of each connection's messages.
    private static func sendAcrossDisconnections(
        _ harness: any ConformanceHarness<Handler>,
        seed: UInt64
    ) async throws {
        var generator = SeededGenerator(seed: seed)
        let nodes = try await harness.make()
        let events = nodes.map { $0.events() }
        let received = Collected<Int>()
        let consumer = Task { for try await message in nodes[1].incoming("numbers") { received.add(message.number) } }
        defer { consumer.cancel() }
        for connection in 0..<3 {
            let first = connection * 10_000
            let sender = Task {
                for number in first..<first + 5000 {
                    try await nodes[0].send(.numbered(number), to: nodes[1].localPeer)
                }
            }
            try await pause(.microseconds(Int.random(in: 0..<3000, using: &generator)))
            try await harness.disconnecting(nodes[0], nodes[1])
            try await events[0].wait(for: .disconnected(nodes[1].localPeer))
            try await events[1].wait(for: .disconnected(nodes[0].localPeer))
            _ = await sender.result
            try await harness.reconnecting(nodes[0], nodes[1])
            try await events[0].wait(for: .connected(nodes[1].localPeer))
            try await events[1].wait(for: .connected(nodes[0].localPeer))
        }
        try await nodes[0].send(.numbered(99_999), to: nodes[1].localPeer)
        try await within(Patience.step, "the last message") {
            while received.soFar.last != 99_999 { try await pause(.milliseconds(2)) }
        }
        for connection in 0..<3 {
            let first = connection * 10_000
            let numbers = received.soFar.filter { $0 >= first && $0 < first + 10_000 }
            let prefix = Array(first..<first + numbers.count)
            try expectEqual(numbers, prefix, "what connection \(connection) delivered with seed \(seed)")
        }
        try expectEqual(received.soFar, received.soFar.sorted(), "what arrived, connection after connection")
    }
}

extension ConformanceHarness<[any NetworkEffects]> {
    func disconnecting(_ first: any NetworkEffects, _ second: any NetworkEffects) async throws {
        try await require(self as? any DisconnectingHarness, "a harness that can disconnect")
            .disconnect(first, from: second)
    }

    func reconnecting(_ first: any NetworkEffects, _ second: any NetworkEffects) async throws {
        try await require(self as? any DisconnectingHarness, "a harness that can disconnect")
            .reconnect(first, with: second)
    }
}
