internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalVerifyCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a whole journal and check every payload, hash, chain, revision and position.",
        discussion: """
            Each problem is printed with its position. Exit codes: 0 nothing is wrong, 65 something is; 'aura journal export' \
            reads out what can still be read, and 'aura journal restore' puts a backup in place.

            Examples:
              aura journal verify profile:embedded
              aura journal verify sqlite:/media/stick/journal.backup --json
            """
    )

    @Argument(help: .journalLocation)
    var location: Location

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let report = try await verify(journal)
        output.print(report.json, text: report.text)
        if !report.isClean { throw ExitCode(ApplicationExit.damaged) }
    }

    private func verify(_ journal: Opened<any JournalEffects>) async throws(EffectError) -> VerificationReport {
        let display = journal.display
        defer { display.finish() }
        // A handler over another one checks more than that one does, such as that payloads open.
        guard journal.resolved.within.isEmpty, let maintained = journal.handler.maintenance else {
            display.show("verifying")
            return try await journal.handler.verify()
        }
        // A damaged head has no frontier; the verification says so, with the place.
        let total = (try? await maintained.frontier())?.entryCount
        return try await maintained.verify { count in
            display.show("\(count)\(total.map { " of \($0)" } ?? "") entries", done: count, of: total)
        }
    }
}

extension VerificationReport {
    fileprivate var text: String {
        let origins = frontier.heads.count.counted("origin", "origins")
        var lines = [
            "\(checkedEntries.counted("entry", "entries")) of \(origins) checked", "root hash \(frontier.rootHash)",
        ]
        lines += problems.map { "wrong: \(BytesText.printable($0.description))" }
        if problems.count == Self.maximumProblemCount { lines.append("There may be more: a report ends here.") }
        lines.append(isClean ? "nothing is wrong" : problems.count.counted("problem", "problems"))
        return lines.joined(separator: "\n")
    }

    fileprivate var json: JSONValue {
        [
            "clean": .boolean(isClean),
            "entries": .integer(checkedEntries),
            "rootHash": .string(frontier.rootHash.description),
            "origins": frontier.json,
            "problems": .array(
                problems.map { problem in
                    [
                        "position": .optional(problem.position.map { Int(clamping: $0.rawValue) }),
                        "message": .string(problem.message),
                    ]
                }
            ),
        ]
    }
}
