internal import AuraEffects
internal import AuraMemory
internal import AuraSimulation
internal import Testing

@Suite("Links of the simulated network", .timeLimit(.minutes(2)))
struct LinkTests {
    @Test("a message arrives after the latency, not before")
    func latency() async throws {
        let stage = NetworkStage()
        let (alice, bob) = (stage.join("alice"), stage.join("bob"))
        try await alice.send(1, to: bob)
        await stage.pass(.microseconds(9999))
        #expect(stage.arrivals.isEmpty)
        #expect(stage.network.counters.pending == 1)
        await stage.pass(.microseconds(1))
        #expect(stage.numbers == [1])
        #expect(stage.network.counters.pending == 0)
    }

    @Test("messages that follow each other closely arrive each at its own moment")
    func spacing() async throws {
        let stage = NetworkStage()
        let (alice, bob) = (stage.join("alice"), stage.join("bob"))
        for number in 0..<3 {
            try await alice.send(number, to: bob)
            await stage.pass(.microseconds(300))
        }
        await stage.pass(.seconds(1))
        #expect(stage.arrivals.map(\.moment) == [10_000, 10_300, 10_600].map { .microseconds($0) })
    }

    @Test("messages of different latencies arrive in the order in which they were sent, each once", arguments: 1...5)
    func order(_ seed: Int) async throws {
        let conditions = LinkConditions(
            latency: .milliseconds(5),
            jitter: .milliseconds(20),
            tailProbability: 0.05,
            tailLatency: .seconds(3)
        )
        let stage = NetworkStage(conditions, seed: UInt64(seed))
        let (alice, bob) = (stage.join("alice"), stage.join("bob"))
        var delays: [Duration] = []
        for number in 0..<200 {
            let sent = stage.now
            try await alice.send(number, to: bob)
            await stage.pass(.seconds(4))
            delays.append(try #require(stage.arrivals.last).moment - sent)
        }
        #expect(stage.numbers == Array(0..<200))
        #expect(delays.allSatisfy { $0 >= .milliseconds(5) && $0 < .milliseconds(3025) })
        #expect(Set(delays).count > 150)
        let late = delays.count { $0 > .milliseconds(25) }
        #expect((1...30).contains(late), "\(late) of 200 took long")

        // Sent at once they overtake none either.
        for number in 200..<260 { try await alice.send(number, to: bob) }
        await stage.pass(.seconds(10))
        #expect(stage.numbers == Array(0..<260))
    }

    @Test("a slow link carries so many bytes a second")
    func bandwidth() async throws {
        let stage = NetworkStage(LinkConditions(latency: .milliseconds(10), bandwidth: BytesPerSecond(1000)))
        let (alice, bob) = (stage.join("alice"), stage.join("bob"))
        for number in 0..<5 { try await alice.send(number, to: bob, padding: 96) }
        await stage.pass(.seconds(1))
        #expect(stage.arrivals.map(\.moment) == (1...5).map { .milliseconds(100 * $0 + 10) })
        // An idle link saves nothing up.
        try await alice.send(5, to: bob, padding: 96)
        await stage.pass(.seconds(1))
        #expect(stage.arrivals.last?.moment == .milliseconds(1110))
    }

    @Test("each direction has conditions of its own")
    func directions() async throws {
        let stage = NetworkStage()
        let (alice, bob) = (stage.join("alice"), stage.join("bob"))
        stage.network.setConditions(
            LinkConditions(latency: .seconds(1)),
            from: alice.localPeer,
            to: bob.localPeer
        )
        try await alice.send(1, to: bob)
        try await bob.send(2, to: alice)
        await stage.pass(.seconds(1))
        #expect(stage.arrivals.map(\.moment) == [.milliseconds(10), .seconds(1)])
        #expect(stage.numbers == [2, 1])
    }

    @Test("degradations add up, and end one by one")
    func degradations() async throws {
        let stage = NetworkStage()
        let (alice, bob) = (stage.join("alice"), stage.join("bob"))
        let slower = stage.network.degrade(
            [alice.localPeer],
            and: [bob.localPeer],
            by: LinkDegradation(addedLatency: .milliseconds(100))
        )
        stage.network.degrade(
            [bob.localPeer],
            and: [alice.localPeer],
            by: LinkDegradation(addedLatency: .milliseconds(50), bandwidth: BytesPerSecond(1000)),
            .incoming
        )
        var delays: [Duration] = []
        func measure(_ sender: SimulatedNetworkHandler, _ receiver: SimulatedNetworkHandler) async throws {
            let sent = stage.now
            try await sender.send(0, to: receiver, padding: 96)
            await stage.pass(.seconds(1))
            delays.append(try #require(stage.arrivals.last).moment - sent)
        }
        try await measure(alice, bob)
        try await measure(bob, alice)
        stage.network.end(slower)
        try await measure(alice, bob)
        stage.network.heal()
        try await measure(alice, bob)
        #expect(delays == [.milliseconds(260), .milliseconds(110), .milliseconds(160), .milliseconds(10)])
    }

    @Test("a sender waits for room, and goes on when a message is consumed")
    func backpressure() async throws {
        let stage = NetworkStage(settings: ConnectionSettings(mailboxCapacity: 3))
        let (alice, bob) = (stage.join("alice"), stage.join("bob", consuming: false))
        let sender = Task { for number in 0..<10 { try await alice.send(number, to: bob) } }
        while stage.network.counters.sent < 3 { await Task.yield() }
        await stage.pass(.seconds(3600))
        #expect(stage.network.counters.sent == 3)
        var messages = bob.incoming("numbers").makeAsyncIterator()
        #expect(try await messages.next()?.payload.first == 0)
        while stage.network.counters.sent < 4 { await Task.yield() }
        sender.cancel()
        #expect(await failure { () throws(EffectError) in try await sender.result.asEffect() }?.code == .cancelled)
        // The places of those who left are free again.
        stage.time.advance(by: .seconds(1))
        for number in 1..<4 { #expect(try await messages.next()?.payload.first == UInt8(number)) }
        for number in 20..<23 { try await alice.send(number, to: bob) }
        #expect(stage.network.counters.sent == 7)
    }

    @Test("the network sleeps with few tasks, and with none once nothing is under way")
    func tasks() async throws {
        let stage = NetworkStage(LinkConditions(latency: .milliseconds(10), jitter: .seconds(2)))
        let names = (0..<8).map { "peer \($0)" }
        let peers = names.map { stage.join($0) }
        for number in 0..<40 {
            for (index, peer) in peers.enumerated() { try await peer.send(number, to: peers[(index + 1) % 8]) }
        }
        // Each further task sleeps for a moment before all others.
        await stage.pass(.seconds(3))
        #expect(stage.sleeps.most <= 8)
        #expect(stage.arrivals.count == 320)
        #expect(stage.time.nextDeadline == nil)
    }
}

extension Result<Void, any Error> {
    /// The success, or the failure of an effect.
    func asEffect() throws(EffectError) {
        guard case .failure(let error) = self, let error = error as? EffectError else { return }
        throw error
    }
}
