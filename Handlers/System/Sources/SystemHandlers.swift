internal import AuraEffects
public import AuraRuntime

/// The machine's clocks and random numbers.
public struct SystemHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Time and random numbers of the system.
    public var declarations: [HandlerDeclaration] { [Self.time, Self.random] }

    private static let time = HandlerDeclaration(
        TimeEffect.self,
        technology: SystemTimeHandler.technology,
        summary: "The machine's clocks; the wall clock never goes back within the process.",
        settings: [
            .optional("ntp", .list, "Servers that say what time it is, HOST or HOST:PORT; more than half must agree."),
            .optional("ntpPoll", .duration, default: "64s", "How often to ask each server: 16s to 36h."),
        ],
        capabilities: { _, _ in Capabilities() },
        make: { settings, context throws(EffectError) in
            guard let names = settings.list("ntp"), !names.isEmpty else { return ManagedHandler(SystemTimeHandler()) }
            let poll = settings.duration("ntpPoll") ?? .seconds(64)
            return try SystemTimeHandler.make(asking: names, every: poll, context)
        }
    )

    private static let random = HandlerDeclaration(
        RandomEffect.self,
        technology: SystemRandomHandler.technology,
        summary: "The operating system's random numbers, fit for keys and tokens.",
        capabilities: { _, _ in SystemRandomHandler.capabilities },
        make: { _, _ throws(EffectError) in ManagedHandler(SystemRandomHandler()) }
    )
}
