public import ArgumentParser
internal import AuraEffects
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

    /// Where to record every effect call, where the command line says so.
    @Option(help: ArgumentHelp("Record every effect call and its answer in a file, for --replay.", valueName: "file"))
    public var record: String?

    /// How large the recording may become.
    @Option(
        help: ArgumentHelp(
            "End the recording where its file has reached this size (default: 1 GiB); the application goes on.",
            valueName: "size"
        )
    )
    public var recordLimit: String?

    /// Whether the recording may overwrite a file.
    @Flag(help: "Let --record overwrite a file that is there.")
    public var replaceRecording = false

    /// The recording to run on in place of a profile.
    @Option(
        help: ArgumentHelp(
            "Run on a recording instead of a profile: every effect call is answered from it, and nothing else is used.",
            valueName: "file"
        )
    )
    public var replay: String?

    /// Creates the options; the command line fills them.
    public init() {}

    /// Refuses options that contradict each other.
    public func validate() throws {
        if replay != nil {
            for (name, isGiven) in [("--record", record != nil), ("--profile", profile != nil)] where isGiven {
                throw ValidationError("\(name) and --replay exclude each other: a replay runs on the recording alone.")
            }
        }
        if record == nil {
            for (name, isGiven) in [("--record-limit", recordLimit != nil), ("--replace-recording", replaceRecording)]
            where isGiven {
                throw ValidationError("\(name) belongs to --record FILE, which is not there.")
            }
        }
        _ = try limit()
    }

    /// Where to record; `nil` where nothing is to be recorded.
    var recording: RecordingOptions? {
        record.map { path in
            let limit = (try? limit()) ?? RecordingOptions.defaultLimit
            return RecordingOptions(path: path, limit: limit, replaces: replaceRecording)
        }
    }

    private func limit() throws(ValidationError) -> ByteCount {
        guard let recordLimit else { return RecordingOptions.defaultLimit }
        let limit: ByteCount
        do throws(SettingParser.Refusal) {
            limit = try SettingParser.byteCount(recordLimit)
        } catch {
            throw ValidationError("--record-limit \(error.message).")
        }
        guard limit >= RecordingOptions.leastLimit else {
            throw ValidationError(
                "--record-limit must be at least \(RecordingOptions.leastLimit), not '\(recordLimit)'."
            )
        }
        return limit
    }
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
