#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import AuraSystem
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A process of its own for the fault tests: it appends while its server is killed, or is killed itself.
///
/// The database's URL is in the environment variable `DATABASE_URL`. Every line that it prints is one `write`, so that what
/// a test reads of a killed worker was really reported.
@main
enum Worker {
    private static let registry = HandlerRegistry {
        PostgreSQLHandlers()
        SystemHandlers()
    }

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3, arguments[0] == "append", let tasks = Int(arguments[2]) else {
            report("usage: postgresql-worker append PROFILE TASKS")
            exit(64)
        }
        do {
            let profile = try Profile(yaml: arguments[1])
            let url = Host.variables["DATABASE_URL"] ?? ""
            try await withAssembled(profile, registry, variables: ["DATABASE_URL": url]) { effects, _ in
                report("ready")
                await append(effects, tasks: tasks)
            }
        } catch {
            report("error \(error)")
            exit(1)
        }
    }

    /// Appends from several tasks until killed, each entry again and again under its id until there is a receipt.
    private static func append(_ effects: EffectSystem, tasks: Int) async {
        await withDiscardingTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    while true {
                        let draft = JournalEntry.Draft(
                            id: EntryID(effects),
                            kind: "worker.appended/1",
                            payload: Array("task \(task)".utf8)
                        )
                        await append(draft, to: StreamName("stream-\(task)"), effects)
                    }
                }
            }
        }
    }

    private static func append(_ draft: JournalEntry.Draft, to stream: StreamName, _ effects: EffectSystem) async {
        while true {
            do throws(EffectError) {
                let receipt = try await effects.journal.append([draft], to: stream)
                report("ack \(draft.id) \(receipt.items[0].position)")
                return
            } catch {
                report("refused \(error.code) \(error.outcome.rawValue) \(error)")
                guard error.isRetryable else { exit(1) }
                try? await effects.time.sleep(for: .milliseconds(20))
            }
        }
    }

    private static func report(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
#else
@main
enum Worker {
    static func main() {}
}
#endif
