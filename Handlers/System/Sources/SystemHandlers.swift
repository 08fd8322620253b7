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
        capabilities: { _, _ in Capabilities() },
        make: { _, _ throws(EffectError) in ManagedHandler(SystemTimeHandler()) }
    )

    private static let random = HandlerDeclaration(
        RandomEffect.self,
        technology: SystemRandomHandler.technology,
        summary: "The operating system's random numbers, fit for keys and tokens.",
        capabilities: { _, _ in SystemRandomHandler.capabilities },
        make: { _, _ throws(EffectError) in ManagedHandler(SystemRandomHandler()) }
    )
}
