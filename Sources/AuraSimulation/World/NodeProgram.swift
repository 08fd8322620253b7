#if os(Linux)
public import AuraEffects
public import AuraRuntime

/// What runs on a node: an application and its profile.
///
/// The profile may be the one of production: a world gives its own clocks and random numbers in the place of the system's,
/// and handlers that keep files keep them on the node's disk. The network's handler is `simulated`.
public struct NodeProgram: Sendable {
    /// Which handlers it has, with which settings.
    public var profile: Profile
    /// The handlers that the profile may name, beside those of the world.
    public var handlers: HandlerRegistry
    /// What the application needs.
    public var needs: EffectNeeds
    /// What surrounds its handlers.
    public var interception: [InterceptionLayer]
    /// The policies of its operations.
    public var policy: PolicySettings
    /// After how long a process that has ended by itself is started again; `nil` where nobody does that.
    public var restartDelay: Duration?
    /// The application.
    public var run: @Sendable (EffectSystem, ApplicationContext) async throws -> Void

    /// Creates a program.
    ///
    /// - Parameters:
    ///   - profile: Which handlers it has, with which settings.
    ///   - handlers: The handlers that the profile may name, beside those of the world.
    ///   - needs: What the application needs.
    ///   - run: The application. Where it returns at once, the node stays up for ``Node/perform(_:)`` until it is stopped.
    public init(
        profile: Profile,
        handlers: HandlerRegistry,
        needs: EffectNeeds = [],
        run: @escaping @Sendable (EffectSystem, ApplicationContext) async throws -> Void = { _, _ in }
    ) {
        self.profile = profile
        self.handlers = handlers
        self.needs = needs
        interception = []
        policy = PolicySettings()
        restartDelay = nil
        self.run = run
    }

    /// Creates a program from an application.
    ///
    /// - Parameters:
    ///   - application: The application.
    ///   - profile: Which handlers it has, with which settings.
    public init<Application: AuraApplication>(_ application: Application.Type, profile: Profile) {
        self.init(profile: profile, handlers: Application.handlers, needs: Application.needs) { effects, context in
            try await Application().run(effects, context)
        }
        interception = Application.interception
        policy = Application.policy
    }
}
#endif
