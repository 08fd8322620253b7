public import ArgumentParser
public import AuraEffects

/// A command of an application: it assembles the profile, runs, and stops the handlers in order.
///
/// ```swift
/// struct Add: ApplicationCommand {
///     typealias Application = Notebook
///     static let configuration = CommandConfiguration(abstract: "Add a note.")
///
///     @OptionGroup var options: ApplicationOptions
///     @Argument(help: "The note.") var text: String
///
///     func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
///         try await Notebook(effects: effects).add(text)
///     }
/// }
/// ```
public protocol ApplicationCommand: AsyncParsableCommand, Sendable {
    /// The application whose needs and handlers the command runs with.
    associatedtype Application: AuraApplication

    /// The options of every command: `@OptionGroup var options: ApplicationOptions`.
    var options: ApplicationOptions { get }

    /// Runs the command; the task is cancelled when the process is asked to stop.
    ///
    /// - Parameters:
    ///   - effects: The handlers that the profile chose.
    ///   - context: The profile, the budget and the logger.
    /// - Throws: Whatever went wrong; it is printed, and the process exits with 1.
    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws
}

extension ApplicationCommand {
    /// Assembles the profile, runs the command, and stops the handlers in order.
    public func run() async throws {
        try await Application.launch(options) { effects, context in
            try await run(effects, context)
        }
    }
}
