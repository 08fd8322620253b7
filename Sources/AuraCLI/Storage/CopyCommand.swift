internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct StorageCopyCommand: OpeningCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy values to another storage, then compare all of them.",
        discussion: """
            Values that the target has already are passed by: run an interrupted copy again, and it goes on. Where the target \
            has another value under a key, it is left alone unless --overwrite is given. Exit code 1: something differs.

            Examples:
              aura storage copy profile:embedded sqlite:copy.db
              aura storage copy sqlite:old.db profile:embedded --prefix notes/ --overwrite --json
            """
    )

    @Argument(help: "The storage to read: HANDLER:PATH or profile:NAME.")
    var from: Location

    @Argument(help: "The storage to write to, which is made where it is missing.")
    var to: Location

    @Option(help: "Only keys that begin with this.")
    var prefix = ""

    @Flag(help: "Replace values of the target that differ.")
    var overwrite = false

    @OptionGroup var output: OutputOptions

    func execute() async throws {
        try await from.open(StorageEffect.self, .existing, logger: output.logger) { source in
            try await to.open(StorageEffect.self, .orNew, logger: output.logger) { target in
                try await StoppableProcess.cancellingAtStop { try await run(source, target) }
            }
        }
    }

    private func run(_ source: Opened<any StorageEffects>, _ target: Opened<any StorageEffects>) async throws {
        let (copied, checked) = try await copy(source, target)
        let isSame = checked.differingCount == 0
        output.print(
            [
                "copied": .integer(copied.copied),
                "copiedBytes": .integer(copied.copiedBytes),
                "same": .integer(copied.same),
                "verified": .integer(checked.same),
                "differing": .integer(checked.differingCount),
                "differingKeys": .array(checked.differing.map { .string($0.text) }),
            ],
            text: Self.text(copied, checked)
        )
        if !isSame { throw ExitCode(ApplicationExit.failure) }
    }

    private func copy(
        _ source: Opened<any StorageEffects>,
        _ target: Opened<any StorageEffects>
    ) async throws(EffectError) -> (copied: StorageCopy.Report, checked: StorageCopy.Report) {
        let display = source.display
        defer { display.finish() }
        var copy = StorageCopy(source: source.handler, target: target.handler, prefix: prefix, overwrites: overwrite)
        copy.progress = { display.show("copying: \($0.seen) values, \(ByteCount(bytes: $0.copiedBytes)) written") }
        let copied = try await copy.run()
        copy.progress = { display.show("comparing: \($0.seen) values") }
        return (copied, try await copy.verify())
    }

    private static func text(_ copied: StorageCopy.Report, _ checked: StorageCopy.Report) -> String {
        var lines = [
            "\(copied.copied.counted("value", "values")) copied (\(ByteCount(bytes: copied.copiedBytes))), "
                + "\(copied.same) there already; \(checked.same) compared and equal"
        ]
        lines += checked.differing.map { "differs: \(BytesText.printable($0.text))" }
        if checked.differingCount > 0 {
            lines.append(
                "\(checked.differingCount.counted("value", "values")) of the target "
                    + "\(checked.differingCount == 1 ? "differs" : "differ"): to replace them, use --overwrite."
            )
        }
        return lines.joined(separator: "\n")
    }
}
