internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem

/// Says whether to take an umbrella.
@main
struct Umbrella: AuraApplication {
    static let name = "umbrella"
    static let abstract = "Says whether to take an umbrella."
    static let needs: EffectNeeds = [.weather]

    static let handlers = HandlerRegistry {
        MemoryHandlers()
        SystemHandlers()
        WeatherHandlers()
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        print(try await Self.isNeeded(in: "oslo", effects) ? "Take an umbrella." : "Leave it at home.")
    }

    /// Whether it is likely to rain.
    static func isNeeded(in city: String, _ effects: EffectSystem) async throws(EffectError) -> Bool {
        try await effects.weather.chanceOfRain(in: city) > 30
    }
}
