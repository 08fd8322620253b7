#if AWS
internal import AuraAWS
internal import AuraCurl
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import AuraSystem
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A process of its own for the tests of several writers: it appends to the journal of a profile.
///
/// The secret of the access key is in the environment variable `STORE_KEY`. Every line that it prints is one `write`.
@main
enum Worker {
    private static let registry = HandlerRegistry {
        AWSHandlers()
        CurlHandlers()
        LayeredHandlers()
        SystemHandlers()
    }

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 4, arguments[0] == "append", let tasks = Int(arguments[2]),
            let count = Int(arguments[3])
        else {
            report("usage: aws-worker append PROFILE TASKS APPENDS")
            exit(64)
        }
        do {
            let profile = try Profile(yaml: arguments[1])
            let variables = ["STORE_KEY": Host.variables["STORE_KEY"] ?? ""]
            try await withAssembled(profile, registry, variables: variables) { effects, _ in
                report("ready")
                // Who starts several lets them begin together.
                _ = readLine()
                try await append(count, tasks: tasks, effects)
            }
        } catch {
            report("error \(error)")
            exit(1)
        }
    }

    /// Appends entries one by one from several tasks, and says where each is.
    private static func append(_ count: Int, tasks: Int, _ effects: EffectSystem) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for number in stride(from: task, to: count, by: tasks) {
                        let draft = JournalEntry.Draft(
                            id: EntryID(effects),
                            kind: "worker.appended/1",
                            payload: Array("\(number)".utf8)
                        )
                        let receipt = try await effects.journal.append([draft], to: StreamName("stream-\(task % 4)"))
                        report("ack \(draft.id) \(receipt.items[0].position)")
                    }
                }
            }
            try await group.waitForAll()
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
