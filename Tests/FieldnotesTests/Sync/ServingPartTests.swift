internal import AuraEffects
internal import AuraSystem
internal import Testing

@testable internal import Fieldnotes

@Suite("What 'serve' does at once")
struct ServingPartTests {
    private static let endless = ServingPart(ending: "time ended") {
        try await SystemTimeHandler().sleep(for: .seconds(600))
    }

    @Test("a part that ends by itself ends the others, and is named as the reason")
    func ended() async throws {
        let error = await #expect(throws: EffectError.self) {
            try await ServingPart.run([Self.endless, ServingPart(ending: "the network was closed") {}])
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "'serve' cannot go on, since the network was closed: start it again.")
    }

    @Test("a part that fails ends the others, and its error is the reason")
    func failed() async throws {
        let failure = EffectError(.corrupted, "The journal is damaged.")
        let error = await #expect(throws: EffectError.self) {
            try await ServingPart.run([Self.endless, ServingPart(ending: "") { throw failure }])
        }
        #expect(error?.message == failure.message)
    }

    @Test("a part that ends because all are stopped is no failure")
    func stopped() async throws {
        let task = Task {
            try await ServingPart.run([
                ServingPart(ending: "it ended") { try? await SystemTimeHandler().sleep(for: .seconds(600)) }
            ])
        }
        task.cancel()
        try await task.value
    }
}
