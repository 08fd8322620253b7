internal import ArgumentParser
public import AuraEffects

/// An application written once against effects, run under any profile: the type that `@main` stands before.
///
/// ```swift
/// @main struct Notebook: AuraApplication {
///     static let name = "notebook"
///     static let abstract = "Keeps notes."
///     static let needs: EffectNeeds = [.journal(.durable), .time, .random]
///     static let handlers = HandlerRegistry { MemoryHandlers(); SQLiteHandlers(); SystemHandlers() }
///
///     func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws { … }
/// }
/// ```
///
/// The command line offers `profile check`, `profile explain` and `profile needs`, and the application's own ``commands``
/// or `run`.
public protocol AuraApplication: SendableMetatype {
    /// Creates the application; called once for each run.
    init()

    /// The command's name.
    static var name: String { get }
    /// What the application does, in one line of `--help`.
    static var abstract: String { get }
    /// More help, with examples; empty by default.
    static var discussion: String { get }
    /// What the application needs of its effects.
    static var needs: EffectNeeds { get }
    /// The handlers that the application links.
    static var handlers: HandlerRegistry { get }
    /// What the application puts around its handlers; nothing by default.
    static var interception: [InterceptionLayer] { get }
    /// The policies of the application's calls, which its profiles refine; none by default.
    static var policy: PolicySettings { get }
    /// The profile where neither `--profile` nor `APP_PROFILE` names one; `dev` by default.
    static var defaultProfile: String { get }
    /// The application's own commands; none by default.
    static var commands: [any ApplicationCommand.Type] { get }
    /// Whether the help lists `run`; by default only where there are no ``commands``.
    ///
    /// An application that has commands and implements ``run(_:_:)`` as well answers `true`.
    static var showsRun: Bool { get }

    /// Runs the application; the task is cancelled when the process is asked to stop.
    ///
    /// By default it prints the help, for an application that consists of commands.
    ///
    /// - Parameters:
    ///   - effects: The handlers that the profile chose.
    ///   - context: The profile, the budget and the logger.
    /// - Throws: Whatever went wrong; it is printed, and the process exits with 1.
    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws
}

extension AuraApplication {
    /// Nothing more.
    public static var discussion: String { "" }
    /// None.
    public static var interception: [InterceptionLayer] { [] }
    /// None.
    public static var policy: PolicySettings { PolicySettings() }
    /// `dev`.
    public static var defaultProfile: String { "dev" }
    /// None.
    public static var commands: [any ApplicationCommand.Type] { [] }
    /// Whether there are no commands.
    public static var showsRun: Bool { commands.isEmpty }

    /// Prints the help.
    public func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        print(ApplicationRoot<Self>.helpMessage())
    }

    // Concurrent, since `@main` takes no nonsending function.
    /// Runs the command line of the process and exits.
    @concurrent
    public static func main() async {
        await ApplicationRoot<Self>.runProcess()
    }
}
