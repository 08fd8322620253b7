internal import AuraEffects
internal import Testing

private protocol GreetingEffects: Sendable {
    func greet() -> String
}

private struct Greeting: GreetingEffects {
    var text: String
    func greet() -> String { text }
}

private enum GreetingEffect: EffectKey {
    static let name = "greeting"
    static var unimplemented: any GreetingEffects { Greeting(text: "unimplemented") }
}

@Suite("EffectSystem")
struct EffectSystemTests {
    @Test("a copy's handler changes without the original's")
    func copies() {
        var original = EffectSystem()
        original.random = FixedRandom(value: 1)
        original[GreetingEffect.self] = Greeting(text: "hello")
        var copy = original
        copy.random = FixedRandom(value: 2)
        copy[GreetingEffect.self] = Greeting(text: "goodbye")
        #expect(original.random.nextUInt64() == 1)
        #expect(copy.random.nextUInt64() == 2)
        #expect(original[GreetingEffect.self].greet() == "hello")
        #expect(copy[GreetingEffect.self].greet() == "goodbye")
    }

    @Test("changing one family keeps the others")
    func others() {
        var system = EffectSystem()
        system.time = FixedTime(milliseconds: 5)
        system.random = FixedRandom(value: 1)
        var copy = system
        copy.random = FixedRandom(value: 2)
        #expect(copy.time.now.millisecondsSinceEpoch == 5)
        #expect(copy[TimeEffect.self].now.millisecondsSinceEpoch == 5)
    }

    @Test("named instances stand beside the default one")
    func instances() {
        var system = EffectSystem()
        system.random = FixedRandom(value: 1)
        system[RandomEffect.self, instance: "keys"] = FixedRandom(value: 2)
        #expect(system.random.nextUInt64() == 1)
        #expect(system[RandomEffect.self].nextUInt64() == 1)
        #expect(system[RandomEffect.self, instance: "keys"].nextUInt64() == 2)
    }

    @Test("a family of the application's own has its stand-in until it is given")
    func customKey() {
        var system = EffectSystem()
        #expect(system[GreetingEffect.self].greet() == "unimplemented")
        system[GreetingEffect.self, instance: "loud"] = Greeting(text: "HELLO")
        #expect(system[GreetingEffect.self].greet() == "unimplemented")
        #expect(system[GreetingEffect.self, instance: "loud"].greet() == "HELLO")
    }

    @Test("a family without a handler fails by name")
    func unimplemented() async {
        let system = EffectSystem()
        await expectUnimplemented("storage", "read") { () throws(EffectError) in _ = try await system.storage.read("k")
        }
        await expectUnimplemented("storage", "write") { () throws(EffectError) in
            try await system.storage.write([], to: "k")
        }
        await expectUnimplemented("journal", "append") { () throws(EffectError) in
            try await system.journal.append([], to: "s")
        }
        await expectUnimplemented("journal", "subscribe") { () throws(EffectError) in
            var iterator = system.journal.subscribe(after: .start).makeAsyncIterator()
            _ = try await iterator.next(isolation: nil)
        }
        await expectUnimplemented("network", "send") { () throws(EffectError) in
            try await system.network.send(Envelope(channel: "c", payload: []), to: PeerID("p"))
        }
        await expectUnimplemented("time", "sleep") { () throws(EffectError) in
            try await system.time.sleep(until: MonotonicInstant(nanoseconds: 0))
        }
        await expectUnimplemented("crypto", "generateKey") { () throws(EffectError) in
            _ = try await system.crypto.generateKey(.ed25519)
        }
        await expectUnimplemented("journal", "read") { () throws(EffectError) in
            _ = try await system[JournalEffect.self, instance: "audit"].read("s", limit: 1)
        }
    }

    private func expectUnimplemented(
        _ effect: String,
        _ operation: String,
        _ body: () async throws(EffectError) -> Void
    ) async {
        let error = await #expect(throws: EffectError.self) { try await body() }
        #expect(error?.code == .unimplemented)
        #expect(error?.effect == effect)
        #expect(error?.operation == operation)
        #expect(error?.message.contains("'\(effect)'") == true)
    }

    @Test("needs name family, instance, capabilities and limits")
    func needs() {
        let needs: EffectNeeds = [.journal(.durable), .storage, EffectNeed.random(.unpredictable).named("keys")]
        #expect(needs.needs.map(\.effect) == ["journal", "storage", "random"])
        #expect(needs.needs.map(\.capabilities) == [[.durable], [], [.unpredictable]])
        #expect(needs.needs.map(\.instance) == ["", "", "keys"])
        let large = EffectNeed(StorageEffect.self, atLeast: [.valueBytes: 10])
        #expect(large.limits == [.valueBytes: 10])
    }
}
