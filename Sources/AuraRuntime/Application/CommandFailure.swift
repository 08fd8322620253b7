package import ArgumentParser
package import AuraEffects

/// The codes that a process exits with, besides 0.
package enum ApplicationExit {
    package static let failure: Int32 = 1
    /// `EX_USAGE`, which is the argument parser's too.
    package static let usage: Int32 = 64
    /// `EX_DATAERR`.
    package static let damaged: Int32 = 65
    /// `EX_NOINPUT`.
    package static let missing: Int32 = 66
    /// `EX_CANTCREAT`.
    package static let notWritable: Int32 = 73
    /// `EX_PROTOCOL`: a replayed application asked for other calls than the recorded ones.
    package static let diverged: Int32 = 76
    /// `EX_CONFIG`.
    package static let badProfile: Int32 = 78
    /// What a shell shows for a command that SIGINT ended.
    package static let stopped: Int32 = 130
}

/// What a command line says of an error that a command threw, and the code that the process exits with.
package struct CommandFailure {
    package let code: Int32
    /// Lines for the standard error stream.
    package let text: String
    package let json: JSONValue

    /// Tells what to say of an error; `nil` for help and for exit codes, which the argument parser itself deals with.
    ///
    /// - Parameters:
    ///   - error: What a command threw.
    ///   - root: The command that the process's arguments were parsed for.
    ///   - exitCode: The code for an effect's error.
    package init?(
        _ error: any Error,
        of root: any ParsableCommand.Type,
        exitCode: (EffectError) -> Int32 = { _ in ApplicationExit.failure }
    ) {
        switch error {
        case let errors as ProfileErrors:
            self.init(
                code: ApplicationExit.badProfile,
                text: errors.errors.map { "error: \($0)\n" }.joined(),
                json: ["error": ["code": "badProfile", "errors": .array(errors.errors.map(\.json))]]
            )
        case is StoppedBySignal:
            self.init(ApplicationExit.stopped, "stopped", "stopped by a signal before it was done")
        case let error as EffectError:
            self.init(code: exitCode(error), text: "error: \(error)\n", json: ["error": error.json])
        case let failure as RecordingFailure:
            self.init(failure.exitCode, "\(failure.kind)", failure.message)
        case is ExitCode, is CleanExit:
            return nil
        default:
            switch root.exitCode(for: error) {
            case .success:
                return nil
            case .validationFailure:
                // The parser begins its message with a capital; every other error here does not.
                let message = root.fullMessage(for: error)
                let prefix = "Error: "
                let text = message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
                self.init(ApplicationExit.usage, "usage", text)
            default:
                self.init(ApplicationExit.failure, "failed", "\(error)")
            }
        }
    }

    private init(_ code: Int32, _ name: String, _ message: String) {
        self.init(
            code: code,
            text: "error: \(message)\n",
            json: ["error": ["code": .string(name), "message": .string(message)]]
        )
    }

    private init(code: Int32, text: String, json: JSONValue) {
        self.code = code
        self.text = text
        self.json = json
    }
}

extension EffectError {
    var json: JSONValue {
        [
            "code": .string(code.rawValue),
            "effect": .string(effect),
            "operation": .string(operation),
            "handler": .string(handler),
            "message": .string(message),
            "retryable": .boolean(isRetryable),
            "outcome": .string(outcome.rawValue),
        ]
    }
}
