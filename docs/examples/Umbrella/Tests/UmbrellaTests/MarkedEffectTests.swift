internal import AuraEffects
internal import AuraMacros
internal import Testing

@Effect("notes")
private protocol MarkedEffects: EffectHandler {
    @Operation(.idempotent(when: "call != \"once\""), resource: "call")
    func add(call: String) async throws -> Int

    @Operation(name: "addTwice")
    func add(call: String, again: @escaping @Sendable () -> Void) async throws(EffectError)

    func `repeat`(base: Int) -> Int
}

private struct Marked: MarkedEffects {
    let capabilities = Capabilities()

    func add(call: String) async throws -> Int { call.count }
    func add(call: String, again: @escaping @Sendable () -> Void) async throws(EffectError) { again() }
    func `repeat`(base: Int) -> Int { base }
}

private struct Calls: Interceptor {
    let name = "calls"
    let readsArguments = true

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        let names = call.arguments.map(\.name).joined(separator: ", ")
        throw EffectError(.unsupported, "\(call.operation)(\(names)) \(call.resource) \(call.isIdempotent)")
    }
}

@Suite("A protocol with '@Effect'")
struct MarkedEffectTests {
    private func intercepted(_ interceptors: any Interceptor...) -> any MarkedEffects {
        let target = EffectTarget(effect: "notes")
        let chain = InterceptorChain(of: target, interceptors: interceptors, time: EffectSystem().time)
        return InterceptedMarkedEffects(Marked(), chain)
    }

    @Test("has its operations in a catalogue")
    func catalogue() {
        #expect(
            MarkedEffectsOperations.all.map(\.key) == [
                "notes.capabilities", "notes.add", "notes.addTwice", "notes.repeat",
            ]
        )
        #expect(MarkedEffectsOperations.add.idempotency == .dependsOnArguments)
        #expect(MarkedEffectsOperations.repeat.kind == .synchronous)
    }

    @Test("passes calls on to the handler within")
    func passing() async throws {
        let handler = intercepted()
        #expect(try await handler.add(call: "abc") == 3)
        try await handler.add(call: "abc") {}
        #expect(handler.repeat(base: 2) == 2)
    }

    @Test("shows interceptors the arguments under the protocol's names", arguments: ["once", "often"])
    func arguments(_ text: String) async {
        let error = await #expect(throws: EffectError.self) { try await intercepted(Calls()).add(call: text) }
        #expect(error?.message == "notes.add(call) \(text) \(text == "often")")
    }

    @Test("fails by name without a handler")
    func unimplemented() async {
        let error = await #expect(throws: EffectError.self) { try await UnimplementedMarkedEffects().add(call: "") {} }
        #expect(error?.operation == "addTwice")
    }
}
