internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Weather that is as somebody said.
final class FixedWeatherHandler: WeatherEffects {
    let capabilities = Capabilities()
    private let chances: [String: Int]
    private let told = Mutex<[String]>([])

    /// Creates a handler.
    ///
    /// - Parameter chances: The chance of rain in each city, in percent.
    init(_ chances: [String: Int]) {
        self.chances = chances
    }

    /// What was reported.
    var reports: [String] { told.withLock { $0 } }

    func chanceOfRain(in city: String) async throws(EffectError) -> Int {
        guard let chance = chances[city] else {
            throw EffectError(
                .notFound,
                "Nobody forecasts the weather there.",
                effect: WeatherEffect.name,
                operation: "chanceOfRain",
                handler: "fixed"
            )
        }
        return chance
    }

    func report(_ weather: String, from city: String) async throws(EffectError) {
        told.withLock { $0.append("\(city): \(weather)") }
    }
}

/// What a profile can name as `weather`.
struct WeatherHandlers: HandlerBundle {
    var declarations: [HandlerDeclaration] {
        [
            HandlerDeclaration(
                WeatherEffect.self,
                technology: "fixed",
                summary: "The same weather every day, for development and tests.",
                settings: [.required("oslo", .integer(0...100), "The chance of rain in Oslo, in percent.")],
                capabilities: { _, _ in Capabilities() },
                make: { settings, _ throws(EffectError) in
                    ManagedHandler(FixedWeatherHandler(["oslo": settings.integer("oslo") ?? 0]))
                }
            )
        ]
    }
}
