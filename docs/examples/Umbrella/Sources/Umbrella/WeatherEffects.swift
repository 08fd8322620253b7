internal import AuraEffects
internal import AuraMacros
internal import AuraRuntime

/// What the weather will be.
///
/// Every method throws ``EffectError``: `notFound` for a city that nobody forecasts, `unavailable` where the forecast cannot
/// be had now.
@Effect("weather")
protocol WeatherEffects: EffectHandler {
    /// The chance of rain today, in percent.
    @Operation(.idempotent, resource: "city")
    func chanceOfRain(in city: String) async throws(EffectError) -> Int

    /// Tells the others what it is like outside.
    @Operation(resource: "city")
    func report(_ weather: String, from city: String) async throws(EffectError)
}

/// The key of ``WeatherEffects``.
enum WeatherEffect: EffectKey {
    static let name = "weather"
    static let operations = WeatherEffectsOperations.all
    static var unimplemented: any WeatherEffects { UnimplementedWeatherEffects() }

    static func intercepted(_ handler: any WeatherEffects, by interceptors: InterceptorChain) -> any WeatherEffects {
        InterceptedWeatherEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Weather: forecasts and reports.
    var weather: any WeatherEffects {
        get { self[WeatherEffect.self] }
        set { self[WeatherEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// Weather, base contract.
    static var weather: EffectNeed { EffectNeed(WeatherEffect.self) }
}
