public import ArgumentParser
package import Logging

/// The options of every command that runs on effects.
public struct ApplicationOptions: ParsableArguments, Sendable {
    /// The profile's name or path, where the command line gives one.
    @Option(
        help: ArgumentHelp(
            "The profile to run on: a name or a path (default: $APP_PROFILE, or else the application's default).",
            valueName: "name|path"
        )
    )
    public var profile: String?

    /// How much is logged to the standard error stream.
    @Option(help: ArgumentHelp("Log from this level on: \(LogLevel.names).", valueName: "level"))
    public var logLevel: LogLevel = .notice

    /// Creates the options; the command line fills them.
    public init() {}
}

/// How much is logged.
public enum LogLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Everything, step by step.
    case trace
    /// What helps to find a defect.
    case debug
    /// What happens.
    case info
    /// What an operator wants to know.
    case notice
    /// What may go wrong soon.
    case warning
    /// What went wrong.
    case error
    /// What nothing can go on after.
    case critical

    package static let names = allCases.map(\.rawValue).joined(separator: ", ")

    package var level: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        case .critical: .critical
        }
    }
}
