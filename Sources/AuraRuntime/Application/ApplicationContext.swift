public import Logging

/// What a running application knows besides its effects.
public struct ApplicationContext: Sendable {
    /// The profile that the application runs on, with its name and file.
    public let profile: Profile
    /// The environment that the profile or a variable names.
    public let environment: RuntimeEnvironment
    /// What the application may use, as its handlers do.
    public let budget: ResourceBudget
    /// How the profile meets the application's needs.
    public let needs: NeedsReport
    /// The application's logger.
    public let logger: Logger
}
