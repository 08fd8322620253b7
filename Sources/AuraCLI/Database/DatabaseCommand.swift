internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Look at the tables that handlers keep in a database server, and bring them up to date.",
        discussion: """
            Tables have a version. Code works with those of its own version and, during a rolling update, with newer ones that \
            say so. Where journal and storage have different databases or schemas, there is a line, and with --json an object, for \
            each. LOCATION is HANDLER:ADDRESS or profile:NAME; 'aura --help' says more.

            Examples:
              aura database status profile:server
              aura database migrate profile:server
            """,
        subcommands: [DatabaseStatusCommand.self, DatabaseMigrateCommand.self]
    )
}

/// A command on the tables of the location's journal and storage.
protocol DatabaseSubcommand: OpeningCommand {
    var location: Location { get }
}

extension DatabaseSubcommand {
    /// Carries an operation out once for each schema of a database.
    ///
    /// - Returns: The answers.
    /// - Throws: ``EffectError``: what the operation throws; `unsupported` where neither keeps tables in a server.
    func maintain(
        _ operation: @Sendable (SchemaMaintenance) -> SchemaMaintenance.Operation
    ) async throws -> [SchemaMaintenance.Status] {
        var answers: [SchemaMaintenance.Status] = []
        for located in try located() {
            guard let answer = try await located.maintainSchema(operation, logger: output.logger) else { continue }
            // Journal and storage mostly share one, and find nothing left to do then.
            if answers.contains(where: { ($0.database, $0.schema) == (answer.database, answer.schema) }) { continue }
            answers.append(answer)
        }
        if !answers.isEmpty { return answers }
        throw EffectError(
            .unsupported,
            "Neither journal nor storage there keeps tables in a database server: there is nothing to migrate."
        )
    }

    /// The location's journal and storage, as far as it has them.
    private func located() throws -> [LocatedHandler] {
        let storage = Result { try location.located(StorageEffect.self, .orNew) }
        do {
            return [try location.located(JournalEffect.self, .orNew)] + [try? storage.get()].compactMap(\.self)
        } catch {
            guard let storage = try? storage.get() else { throw error }
            return [storage]
        }
    }
}

extension SchemaMaintenance.Status {
    var json: JSONValue {
        [
            "database": .string(database), "schema": .string(schema), "version": .integer(version),
            "compatibleFrom": .integer(compatibleFrom), "codeVersion": .integer(codeVersion),
            "isUsable": .boolean(isUsable),
        ]
    }

    var text: String {
        let place = "Schema '\(schema)' of \(database)"
        if version == 0 { return "\(place) has no tables of Aura; 'aura database migrate' makes them." }
        let known = "\(place) has version \(version), and this code makes version \(codeVersion)"
        if isBehind { return "\(known); 'aura database migrate' brings it up to date." }
        if isUsable { return "\(known): they fit." }
        return "\(known); it takes code that knows version \(compatibleFrom). Update the application."
    }
}
