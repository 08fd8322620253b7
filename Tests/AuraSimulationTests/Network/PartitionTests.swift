internal import AuraEffects
internal import AuraSimulation
internal import Testing

@Suite("Connections of the simulated network that end", .timeLimit(.minutes(2)))
struct PartitionTests {
    private let stage = NetworkStage()
    private let alice: SimulatedNetworkHandler
    private let bob: SimulatedNetworkHandler

    init() {
        alice = stage.join("alice")
        bob = stage.join("bob")
    }

    @Test("a disconnection loses what is under way, and both sides are told")
    func disconnection() async throws {
        var events = (alice.events().makeAsyncIterator(), bob.events().makeAsyncIterator())
        try await alice.send(1, to: bob)
        try await bob.send(2, to: alice)
        await stage.pass(.milliseconds(9))
        stage.network.disconnect(alice.localPeer, bob.localPeer)
        #expect(try await events.0.next() == .disconnected(bob.localPeer))
        #expect(try await events.1.next() == .disconnected(alice.localPeer))
        await stage.pass(.milliseconds(500))
        #expect(stage.arrivals.isEmpty)
        #expect(stage.network.counters.lost == 2)
        #expect(stage.network.counters.disconnections == 1)
    }

    @Test("a send connects again, and so does time alone")
    func reconnection() async throws {
        stage.network.disconnect(alice.localPeer, bob.localPeer)
        var events = bob.events().makeAsyncIterator()
        try await alice.send(1, to: bob)
        #expect(try await events.next() == .connected(alice.localPeer))
        await stage.pass(.milliseconds(10))
        #expect(stage.numbers == [1])

        stage.network.disconnect(alice.localPeer, bob.localPeer)
        #expect(try await events.next() == .disconnected(alice.localPeer))
        await stage.pass(.seconds(1))
        #expect(stage.network.counters.connections == 3)
        #expect(try await events.next() == .connected(alice.localPeer))
    }

    @Test("a partition that ends early loses nothing and nobody learns of it")
    func shortPartition() async throws {
        try await alice.send(0, to: bob)
        let partition = stage.network.partition([alice.localPeer], from: [bob.localPeer])
        for number in 1..<4 { try await alice.send(number, to: bob) }
        await stage.pass(.milliseconds(3900))
        #expect(stage.arrivals.isEmpty)
        stage.network.end(partition)
        try await alice.send(4, to: bob)
        await stage.pass(.seconds(10))
        #expect(stage.numbers == [0, 1, 2, 3, 4])
        #expect(stage.arrivals.allSatisfy { $0.moment == .milliseconds(3910) })
        #expect(stage.network.counters.disconnections == 0)
    }

    @Test("a partition that lasts ends the connection for both, each by its own clock, and healing joins them")
    func longPartition() async throws {
        var events = (alice.events().makeAsyncIterator(), bob.events().makeAsyncIterator())
        stage.network.partition([alice.localPeer], from: [bob.localPeer])
        try await alice.send(1, to: bob)
        try await bob.send(2, to: alice)
        await stage.pass(.milliseconds(3999))
        #expect(try await alice.peers() == [bob.localPeer])
        #expect(stage.network.counters.disconnections == 0)
        await stage.pass(.milliseconds(2001))
        #expect(try await alice.peers() == [])
        #expect(try await bob.peers() == [])
        #expect(try await events.0.next() == .disconnected(bob.localPeer))
        #expect(try await events.1.next() == .disconnected(alice.localPeer))
        #expect(stage.network.counters.disconnections == 1)
        #expect(stage.network.counters.lost == 2)
        #expect(await failure { () throws(EffectError) in try await alice.send(3, to: bob) }?.code == .unavailable)

        stage.network.heal()
        await stage.pass(.seconds(1))
        #expect(try await events.0.next() == .connected(bob.localPeer))
        #expect(try await events.1.next() == .connected(alice.localPeer))
        try await alice.send(4, to: bob)
        await stage.pass(.milliseconds(10))
        #expect(stage.numbers == [4])
    }

    @Test("sides notice a partition at moments of their own, and what is sent in between is lost")
    func halfOpen() async throws {
        var sawOneSide = false
        for seed in 1...20 {
            let stage = NetworkStage(seed: UInt64(seed))
            let (alice, bob) = (stage.join("alice"), stage.join("bob"))
            stage.network.partition([alice.localPeer], from: [bob.localPeer])
            for _ in 0..<21 where stage.network.counters.disconnections == 0 { await stage.pass(.milliseconds(100)) }
            for _ in 0..<400 where stage.network.counters.disconnections == 0 { await stage.pass(.milliseconds(10)) }
            let knows = (try await alice.peers().isEmpty, try await bob.peers().isEmpty)
            guard knows == (true, false) else { continue }
            sawOneSide = true
            try await bob.send(1, to: alice)
            stage.network.heal()
            try await alice.send(2, to: bob)
            await stage.pass(.seconds(5))
            #expect(stage.numbers == [2])
            #expect(stage.network.counters.lost == 1)
            #expect(stage.network.counters.disconnections == 1)
            #expect(try await bob.peers() == [alice.localPeer])
        }
        #expect(sawOneSide)
    }

    @Test("a partition in one direction lets the other through until both notice", arguments: [true, false])
    func oneWay(_ fromAlice: Bool) async throws {
        var events = (alice.events().makeAsyncIterator(), bob.events().makeAsyncIterator())
        if fromAlice {
            stage.network.partition([alice.localPeer], from: [bob.localPeer], .outgoing)
        } else {
            stage.network.partition([bob.localPeer], from: [alice.localPeer], .incoming)
        }
        try await alice.send(1, to: bob)
        try await bob.send(2, to: alice)
        await stage.pass(.seconds(3))
        #expect(stage.numbers == [2])
        await stage.pass(.seconds(3))
        #expect(try await events.0.next() == .disconnected(bob.localPeer))
        #expect(try await events.1.next() == .disconnected(alice.localPeer))
        #expect(await failure { () throws(EffectError) in try await alice.send(3, to: bob) }?.code == .unavailable)
        #expect(await failure { () throws(EffectError) in try await bob.send(4, to: alice) }?.code == .unavailable)
        await stage.pass(.seconds(3600))
        #expect(stage.numbers == [2])

        stage.network.heal()
        try await alice.send(5, to: bob)
        await stage.pass(.milliseconds(10))
        #expect(stage.numbers == [2, 5])
    }

    @Test("a link is free once the last partition over it has ended")
    func overlap() async throws {
        let carol = stage.join("carol")
        let first = stage.network.partition([alice.localPeer], from: [bob.localPeer, carol.localPeer])
        let second = stage.network.partition([alice.localPeer, carol.localPeer], from: [bob.localPeer])
        await stage.pass(.seconds(6))
        #expect(try await alice.peers() == [])
        #expect(try await bob.peers() == [])
        stage.network.end(first)
        await stage.pass(.seconds(1))
        #expect(try await alice.peers() == [carol.localPeer])
        #expect(try await bob.peers() == [])
        stage.network.end(second)
        #expect(try await bob.peers() == [alice.localPeer, carol.localPeer])
    }

    @Test("a partition concerns a peer that joins later")
    func laterPeer() async throws {
        stage.network.partition([alice.localPeer], from: [PeerID("carol")])
        let carol = stage.join("carol")
        #expect(try await carol.peers() == [bob.localPeer])
        #expect(await failure { () throws(EffectError) in try await alice.send(1, to: carol) }?.code == .unavailable)
        stage.network.heal()
        #expect(try await carol.peers() == [alice.localPeer, bob.localPeer])
    }

    @Test("a connection that ends by chance does so for both sides, before its message arrives")
    func chance() async throws {
        stage.network.setConditions(
            LinkConditions(latency: .milliseconds(10), lossProbability: 1),
            from: alice.localPeer,
            to: bob.localPeer
        )
        var events = (alice.events().makeAsyncIterator(), bob.events().makeAsyncIterator())
        try await alice.send(1, to: bob)
        await stage.pass(.milliseconds(10))
        #expect(stage.arrivals.isEmpty)
        #expect(try await events.0.next() == .disconnected(bob.localPeer))
        #expect(try await events.1.next() == .disconnected(alice.localPeer))
        #expect(stage.network.counters.lost == 1)
        try await bob.send(2, to: alice)
        await stage.pass(.milliseconds(10))
        #expect(stage.numbers == [2])
    }
}
