internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("MemoryNetwork")
struct NetworkTests {
    private let network = MemoryNetwork(mailboxCapacity: 2)
    private let time = ManualTimeHandler()
    private let alice: MemoryNetworkHandler
    private let bob: MemoryNetworkHandler

    init() throws {
        alice = try network.join(PeerID("alice"), time: time)
        bob = try network.join(PeerID("bob"), time: time)
    }

    private func message(_ number: UInt8) -> Envelope {
        Envelope(channel: "c", payload: [number])
    }

    @Test("a sender waits while the mailbox is full, and order holds")
    func backpressure() async throws {
        let sender = Task { [alice, bob] () async throws -> Int in
            for number in UInt8(0)..<100 { try await alice.send(message(number), to: bob.localPeer) }
            return 100
        }
        var iterator = bob.incoming("c").makeAsyncIterator()
        for number in UInt8(0)..<100 {
            let envelope = try #require(try await iterator.next())
            #expect(envelope.payload == [number])
            #expect(envelope.sender == alice.localPeer)
        }
        #expect(try await sender.value == 100)
    }

    @Test("a full mailbox holds a sender until it is cancelled, and the message is withdrawn")
    func cancelledSender() async throws {
        for number in UInt8(0)..<2 { try await alice.send(message(number), to: bob.localPeer) }
        let waiting = Task { [alice, bob] in
            await errorCode { () throws(EffectError) in try await alice.send(message(9), to: bob.localPeer) }
        }
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        var iterator = bob.incoming("c").makeAsyncIterator()
        #expect(try await iterator.next()?.payload == [0])
        try await alice.send(message(2), to: bob.localPeer)
        #expect(try await iterator.next()?.payload == [1])
        #expect(try await iterator.next()?.payload == [2])
    }

    @Test("a cut connection is learnt by both sides and loses only what was not delivered")
    func disconnection() async throws {
        var aliceEvents = alice.events().makeAsyncIterator()
        var bobEvents = bob.events().makeAsyncIterator()
        for number in UInt8(0)..<2 { try await alice.send(message(number), to: bob.localPeer) }
        var iterator = bob.incoming("c").makeAsyncIterator()
        #expect(try await iterator.next()?.payload == [0])

        network.disconnect(alice.localPeer, bob.localPeer)
        #expect(try await aliceEvents.next() == .disconnected(bob.localPeer))
        #expect(try await bobEvents.next() == .disconnected(alice.localPeer))
        #expect(
            await errorCode { () throws(EffectError) in
                try await alice.send(message(2), to: bob.localPeer)
            } == .unavailable
        )
        #expect(try await alice.peers() == [])

        network.connect(bob.localPeer, alice.localPeer)
        #expect(try await aliceEvents.next() == .connected(bob.localPeer))
        #expect(try await bobEvents.next() == .connected(alice.localPeer))
        #expect(try await alice.peers() == [bob.localPeer])
        try await alice.send(message(3), to: bob.localPeer)
        #expect(try await iterator.next()?.payload == [3])
    }

    @Test("a partition separates groups, and healing joins them")
    func partition() async throws {
        let carol = try network.join(PeerID("carol"), time: time)
        network.partition([alice.localPeer])
        #expect(try await alice.peers() == [])
        #expect(try await bob.peers() == [carol.localPeer])
        network.heal()
        #expect(try await alice.peers() == [bob.localPeer, carol.localPeer])
    }

    @Test("a request gets its reply once")
    func request() async throws {
        let answering = Task { [bob] () async throws -> EffectError.Code? in
            var iterator = bob.incoming("c").makeAsyncIterator()
            let request = try #require(try await iterator.next())
            try await bob.reply(Envelope(channel: "", payload: request.payload + [1]), to: request)
            return await errorCode { () throws(EffectError) in
                try await bob.reply(Envelope(channel: "", payload: []), to: request)
            }
        }
        let reply = try await alice.request(message(5), to: bob.localPeer, timeout: .seconds(1))
        #expect(reply.payload == [5, 1])
        #expect(reply.sender == bob.localPeer)
        #expect(reply.replyToken == nil)
        #expect(try await answering.value == .invalidArgument)
    }

    @Test("a request ends when its time is up, whether it was delivered or waits for room")
    func timeouts() async throws {
        for outcome in [EffectError.Outcome.unknown, .unknown, .notApplied] {
            // The request is on its way, or waits for room, before its time begins to pass.
            let waiting = Task.immediate { [alice, bob] in await requestFailure(alice, bob) }
            try await time.waitForSleepers(1)
            time.advance(by: .seconds(10))
            let error = await waiting.value
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.outcome == outcome)
        }
        // A reply that comes too late is refused.
        var iterator = bob.incoming("c").makeAsyncIterator()
        let late = try #require(try await iterator.next())
        #expect(
            await errorCode { () throws(EffectError) in
                try await bob.reply(Envelope(channel: "", payload: []), to: late)
            } == .invalidArgument
        )
    }

    @Test("a request whose connection ends is unavailable, and nobody knows whether it took effect")
    func requestDisconnected() async throws {
        let waiting = Task { [alice, bob] in await requestFailure(alice, bob) }
        var iterator = bob.incoming("c").makeAsyncIterator()
        let request = try #require(try await iterator.next())
        network.disconnect(alice.localPeer, bob.localPeer)
        let error = await waiting.value
        #expect(error?.code == .unavailable)
        #expect(error?.outcome == .unknown)
        #expect(error?.operation == "request")
        #expect(
            await errorCode { () throws(EffectError) in
                try await bob.reply(Envelope(channel: "", payload: []), to: request)
            } == .unavailable
        )
    }

    private func requestFailure(_ sender: MemoryNetworkHandler, _ receiver: MemoryNetworkHandler) async -> EffectError?
    {
        do throws(EffectError) {
            _ = try await sender.request(message(1), to: receiver.localPeer, timeout: .seconds(10))
            return nil
        } catch {
            return error
        }
    }

    @Test("stopping ends the sequences and frees the address")
    func stop() async throws {
        let incoming = Task { [bob] in
            var iterator = bob.incoming("c").makeAsyncIterator()
            return try await iterator.next() == nil
        }
        let events = bob.events()
        var aliceEvents = alice.events().makeAsyncIterator()
        #expect(throws: EffectError.self) { try network.join(PeerID("bob"), time: time) }
        bob.stop()
        #expect(try await incoming.value)
        var bobEvents = events.makeAsyncIterator()
        #expect(try await bobEvents.next() == .disconnected(alice.localPeer))
        #expect(try await bobEvents.next() == nil)
        #expect(try await aliceEvents.next() == .disconnected(bob.localPeer))
        #expect(
            await errorCode { () throws(EffectError) in
                try await bob.send(message(0), to: alice.localPeer)
            } == .unavailable
        )
        #expect(try network.join(PeerID("bob"), time: time).localPeer == bob.localPeer)
        #expect(try await aliceEvents.next() == .connected(bob.localPeer))
    }

    @Test("events that nobody reads stay bounded and end with the truth")
    func boundedEvents() async throws {
        var events = alice.events().makeAsyncIterator()
        for _ in 0..<1000 {
            network.disconnect(alice.localPeer, bob.localPeer)
            network.connect(alice.localPeer, bob.localPeer)
        }
        network.disconnect(alice.localPeer, bob.localPeer)
        #expect(try await events.next() == .disconnected(bob.localPeer))
        network.heal()
        #expect(try await events.next() == .connected(bob.localPeer))
    }

    @Test("a payload beyond the limit and a message to oneself are refused")
    func refusals() async throws {
        let large = Envelope(channel: "c", payload: [UInt8](repeating: 0, count: 1_048_577))
        #expect(
            await errorCode { () throws(EffectError) in
                try await alice.send(large, to: bob.localPeer)
            } == .invalidArgument
        )
        #expect(
            await errorCode { () throws(EffectError) in
                try await alice.send(message(0), to: alice.localPeer)
            } == .invalidArgument
        )
        #expect(
            await errorCode { () throws(EffectError) in
                try await alice.send(message(0), to: PeerID("nobody"))
            } == .unavailable
        )
    }
}
