internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct FunctionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "function",
        abstract: "Run the functions of a profile.",
        discussion: """
            Examples:
              aura cloud function invoke resize '{"key": "cat.jpg"}' --profile production
            """,
        subcommands: [FunctionInvokeCommand.self]
    )
}

struct FunctionInvokeCommand: CloudServiceCommand {
    typealias Key = FunctionsEffect

    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Run a function and write its answer to the standard output stream, byte by byte as it is.",
        discussion: """
            Exit code 1: the function failed, or the service did not run it; 66: there is no such function.

            Examples:
              aura cloud function invoke resize '{"key": "cat.jpg"}' --profile production
              aura cloud function invoke import --no-wait --profile production < rows.json
            """
    )

    @Argument(help: "The function.")
    var function: String

    @Argument(help: "What it is given; without it the standard input stream is read.")
    var payload: String?

    @Flag(help: "Do not wait for its answer; the service runs it at least once.")
    var noWait = false

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any FunctionEffects>) async throws {
        let name = FunctionName(rawValue: function)
        let bytes = try bytes(limit: opened.capabilities.limit(noWait ? .asyncPayloadBytes : .requestBytes))
        if noWait {
            try await opened.handler.invokeAsync(name, bytes)
            return output.print(["function": .string(function), "accepted": .boolean(true)], text: "accepted")
        }
        switch try await opened.handler.invoke(name, bytes) {
        case .returned(let answer):
            guard output.json else { return try await ExportOutput().write(answer) }
            print(JSONValue.object([JSONValue.Member(key: "returned", value: .object([BytesText.json(answer)]))]))
        case .failed(let failure):
            let kind = failure.kind.isEmpty ? "" : " with \(failure.kind)"
            let message = BytesText.printable("The function '\(function)' failed\(kind): \(failure.message)")
            throw FunctionFailed(description: message)
        }
    }

    private func bytes(limit: Int) throws(EffectError) -> [UInt8] {
        if let payload { return Array(payload.utf8) }
        if let bytes = try Terminal.input(limit: limit) { return bytes }
        throw EffectError(
            .invalidArgument,
            "The payload is larger than the \(ByteCount(bytes: limit)) that the service takes. Nothing was run."
        )
    }
}

/// A function that has answered with an error of its own.
struct FunctionFailed: Error, CustomStringConvertible {
    let description: String
}
