internal import ArgumentParser
internal import AuraRuntime
internal import Logging

/// The options of every command that opens something.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: ArgumentHelp("Log from this level on: \(LogLevel.names).", valueName: "level"))
    var logLevel: LogLevel = .error

    var logger: Logger {
        var logger = Logger(label: "aura")
        logger.logLevel = logLevel.level
        return logger
    }

    /// Prints a result.
    func print(_ json: JSONValue, text: @autoclosure () -> String) {
        Swift.print(self.json ? json.description : text())
    }
}
