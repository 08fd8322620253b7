internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable import umbrella

@Suite("Umbrella")
struct UmbrellaTests {
    @Test("an umbrella is needed where rain is likely")
    func rain() async throws {
        var effects = EffectSystem()
        effects.weather = FixedWeatherHandler(["oslo": 80, "cairo": 1])
        #expect(try await Umbrella.isNeeded(in: "oslo", effects))
        #expect(try await Umbrella.isNeeded(in: "cairo", effects) == false)
    }

    @Test("a test that forgets the handler fails by name")
    func unimplemented() async {
        let error = await #expect(throws: EffectError.self) {
            try await Umbrella.isNeeded(in: "oslo", EffectSystem())
        }
        #expect(error?.code == .unimplemented)
        #expect(error?.operation == "chanceOfRain")
    }

    @Test("an interceptor of any effect is one of this effect")
    func interceptor() async throws {
        let weather = FixedWeatherHandler(["oslo": 80])
        var effects = EffectSystem()
        effects.weather = weather
        effects.intercept(WeatherEffect.self, with: [ReadOnly()])
        #expect(try await Umbrella.isNeeded(in: "oslo", effects))
        let error = await #expect(throws: EffectError.self) {
            try await effects.weather.report("sunny", from: "oslo")
        }
        #expect(error?.description == "weather.report (read-only): permissionDenied: Only reading is allowed.")
        #expect(weather.reports.isEmpty)
    }

    @Test("the profile of development has what the application needs")
    func profile() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Profiles/dev.yaml")
        let profile = try Profile(yaml: String(contentsOf: file, encoding: .utf8), file: "dev.yaml")
        try await withAssembled(profile, Umbrella.handlers, needs: Umbrella.needs, variables: [:]) { effects, _ in
            #expect(try await Umbrella.isNeeded(in: "oslo", effects))
        }
    }
}

/// Lets only those operations through that change nothing.
private struct ReadOnly: Interceptor {
    let name = "read-only"

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        guard call.operation !== WeatherEffectsOperations.report else {
            throw EffectError(.permissionDenied, "Only reading is allowed.")
        }
        return try await next()
    }
}
