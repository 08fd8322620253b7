internal import AuraEffects
internal import AuraMemory
internal import AuraSimulation
internal import Testing

@Suite("Peers of the simulated network that crash, and requests", .timeLimit(.minutes(2)))
struct CrashTests {
    private let stage = NetworkStage()
    private let alice: SimulatedNetworkHandler
    private let bob: SimulatedNetworkHandler

    init() {
        alice = stage.join("alice")
        bob = stage.join("bob", consuming: false)
    }

    @Test("the others notice a crash after a while, and lose what they sent until then")
    func detection() async throws {
        var events = alice.events().makeAsyncIterator()
        try await alice.send(1, to: bob)
        stage.network.crash(bob.localPeer)
        for number in 2..<200 { try await alice.send(number, to: bob) }
        await stage.pass(.milliseconds(3999))
        #expect(try await alice.peers() == [bob.localPeer])
        await stage.pass(.milliseconds(2001))
        #expect(try await events.next() == .disconnected(bob.localPeer))
        #expect(await failure { () throws(EffectError) in try await alice.send(3, to: bob) }?.code == .unavailable)
        #expect(stage.network.counters.lost == 199)
        #expect(stage.network.counters.disconnections == 1)
    }

    @Test("the calls of a crashed peer never return, until their task is cancelled")
    func calls() async throws {
        // Bob's mailbox is full, so that alice waits for room.
        for number in 0..<64 { try await alice.send(number, to: bob) }
        let waiting = [
            Task { try await alice.send(64, to: bob) },
            Task { _ = try await alice.request(.numbered(65), to: bob.localPeer, timeout: .seconds(1)) },
            Task { for try await _ in alice.incoming("others") {} },
            Task { for try await _ in alice.events() {} },
        ]
        await stage.pass(.milliseconds(500))
        stage.network.crash(alice.localPeer)
        let late = [
            Task { try await alice.send(66, to: bob) },
            Task { _ = try await alice.request(.numbered(67), to: bob.localPeer, timeout: .seconds(1)) },
            Task { _ = try await alice.peers() },
            Task { for try await _ in alice.incoming("numbers") {} },
            Task { for try await _ in alice.events() {} },
        ]
        let ended = Task { for task in waiting + late { _ = await task.result } }
        await stage.pass(.seconds(3600))
        for _ in 0..<1000 { await Task.yield() }
        for task in waiting + late { task.cancel() }
        await ended.value
        for task in waiting + late {
            let error = await failure { () throws(EffectError) in try await task.result.asEffect() }
            #expect(error?.code == .cancelled)
        }
        #expect(stage.network.counters.sent == 64)
        #expect(try await bob.peers() == [])
    }

    @Test("a peer that comes back has empty mailboxes, and the others learn of both at once")
    func restart() async throws {
        try await alice.send(1, to: bob)
        await stage.pass(.milliseconds(10))
        var events = alice.events().makeAsyncIterator()
        stage.network.crash(bob.localPeer)
        await stage.pass(.seconds(1))
        let restarted = stage.join("bob")
        #expect(try await events.next() == .disconnected(bob.localPeer))
        #expect(try await events.next() == .connected(bob.localPeer))
        try await alice.send(2, to: restarted)
        await stage.pass(.seconds(10))
        #expect(stage.numbers == [2])
        #expect(stage.network.counters.disconnections == 1)
        // The handler of the first life does nothing to the second.
        bob.stop()
        #expect(try await alice.peers() == [bob.localPeer])
    }

    @Test("a new handler replaces one of the same name")
    func replacement() async throws {
        let second = stage.join("bob")
        let old = Task { try await bob.send(1, to: alice) }
        await stage.pass(.seconds(1))
        try await second.send(2, to: alice)
        await stage.pass(.seconds(1))
        #expect(stage.numbers == [2])
        old.cancel()
        #expect(await failure { () throws(EffectError) in try await old.result.asEffect() }?.code == .cancelled)
    }

    @Test("a request times out in the network's time, and its late reply reaches nobody")
    func timeout() async throws {
        let request = Task { await requestFailure(timeout: .seconds(2)) }
        var questions = bob.incoming("numbers").makeAsyncIterator()
        while stage.network.counters.sent == 0 { await Task.yield() }
        stage.time.advance(by: .milliseconds(10))
        let question = try #require(try await questions.next())
        #expect(question.sender == alice.localPeer)
        stage.time.advance(by: .milliseconds(1989))
        for _ in 0..<100 { await Task.yield() }
        try await bob.reply(.numbered(2), to: question)
        stage.time.advance(by: .milliseconds(1))
        let error = await request.value
        #expect(error?.code == .deadlineExceeded)
        #expect(error?.outcome == .unknown)
        stage.time.advance(by: .milliseconds(9))
        while stage.network.counters.delivered < 2 { await Task.yield() }
        #expect(stage.arrivals.isEmpty)
    }

    @Test("the replier learns that nobody waits any more")
    func withdrawal() async throws {
        let request = Task { await requestFailure(timeout: .seconds(2)) }
        var questions = bob.incoming("numbers").makeAsyncIterator()
        while stage.network.counters.sent == 0 { await Task.yield() }
        stage.time.advance(by: .milliseconds(10))
        let question = try #require(try await questions.next())
        stage.time.advance(by: .seconds(2))
        _ = await request.value
        stage.time.advance(by: .milliseconds(10))
        // A reply is taken until the network has delivered that nobody waits.
        while stage.nextMoment != nil { await Task.yield() }
        let error = await failure { () throws(EffectError) in try await bob.reply(.numbered(2), to: question) }
        #expect(error?.code == .invalidArgument)
    }

    @Test("a request whose reply is held back is unavailable, and nobody knows whether it took effect")
    func heldReply() async throws {
        let request = Task { await requestFailure(timeout: .seconds(60)) }
        var questions = bob.incoming("numbers").makeAsyncIterator()
        while stage.network.counters.sent == 0 { await Task.yield() }
        stage.time.advance(by: .milliseconds(10))
        let question = try #require(try await questions.next())
        stage.network.partition([bob.localPeer], from: [alice.localPeer], .outgoing)
        try await bob.reply(.numbered(2), to: question)
        stage.time.advance(by: .seconds(6))
        let error = await request.value
        #expect(error?.code == .unavailable)
        #expect(error?.outcome == .unknown)
        #expect(stage.network.counters.lost == 1)
    }

    private func requestFailure(timeout: Duration) async -> EffectError? {
        await failure { () throws(EffectError) in
            try await alice.request(.numbered(1), to: bob.localPeer, timeout: timeout)
        }
    }
}
