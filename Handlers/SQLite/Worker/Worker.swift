#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import CSyncCounter
internal import Glibc
internal import Logging

/// A process of its own for the fault tests: it is killed, runs out of disk, or fails to sync.
///
/// Every line that it prints is one `write`, so that what a test reads of a killed worker was really reported.
@main
enum Worker {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2, let mode = arguments.first, let path = arguments.dropFirst().first else {
            report("usage: journal-worker append|count-syncs|fail-sync FILE [NUMBER]")
            exit(64)
        }
        let number = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 0
        do throws(EffectError) {
            let context = HandlerContext(
                budget: ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 0.1, ioQuota: .mebibytes(1)),
                time: SystemTimeHandler(),
                random: SystemRandomHandler(),
                logger: Logger(label: "journal-worker")
            )
            let journal = try await SQLiteJournalHandler.open(
                SQLiteConfiguration(path: path, budget: context.budget),
                context
            )
            report("ready")
            switch mode {
            case "append": await append(journal, context, tasks: number)
            case "count-syncs": try await countSyncs(journal, context, tasks: number)
            case "fail-sync": await failSync(journal, context)
            default:
                report("unknown mode \(mode)")
                exit(64)
            }
            await journal.close()
        } catch {
            report("error \(error.code) \(error)")
            exit(1)
        }
    }

    /// Appends from several tasks until killed; reports each receipt.
    private static func append(_ journal: SQLiteJournalHandler, _ context: HandlerContext, tasks: Int) async {
        await withDiscardingTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    var count = 0
                    while true {
                        count += 1
                        let drafts = (0...(count % 3))
                            .map { index in
                                JournalEntry.Draft(
                                    id: EntryID(time: context.time, random: context.random),
                                    kind: "test.appended/1",
                                    payload: Array("\(getpid()) \(task) \(count) \(index)".utf8)
                                )
                            }
                        do throws(EffectError) {
                            let receipt = try await journal.append(drafts, to: StreamName("stream-\(task % 5)"))
                            for item in receipt.items {
                                report("ack \(item.id) \(receipt.stream) \(item.revision) \(item.position)")
                            }
                        } catch {
                            report("refused \(error.code) \(error.outcome.rawValue) \(error)")
                            if !error.isRetryable { return }
                        }
                    }
                }
            }
        }
    }

    /// Reports for each append how many syncs there were between its call and its receipt.
    private static func countSyncs(
        _ journal: SQLiteJournalHandler,
        _ context: HandlerContext,
        tasks: Int
    ) async throws(EffectError) {
        let start = aura_sync_count()
        await withDiscardingTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    for _ in 0..<20 {
                        let before = aura_sync_count()
                        let draft = JournalEntry.Draft(
                            id: EntryID(time: context.time, random: context.random),
                            kind: "test.appended/1",
                            payload: [UInt8(truncatingIfNeeded: task)]
                        )
                        do throws(EffectError) {
                            try await journal.append([draft], to: "stream")
                            report("syncs \(aura_sync_count() - before)")
                        } catch {
                            report("refused \(error)")
                        }
                    }
                }
            }
        }
        report("total \(aura_sync_count() - start)")
    }

    /// Lets one sync fail and reports what the append that waited for it was told; then goes on.
    private static func failSync(_ journal: SQLiteJournalHandler, _ context: HandlerContext) async {
        for round in 0..<5 {
            if round == 2 { aura_sync_fail(1) }
            let draft = JournalEntry.Draft(
                id: EntryID(time: context.time, random: context.random),
                kind: "test.appended/1",
                payload: [UInt8(round)]
            )
            do throws(EffectError) {
                let receipt = try await journal.append([draft], to: "stream")
                report("ack \(receipt.ids[0])")
            } catch {
                report("refused \(error.code) \(error.outcome.rawValue)")
                // An append by id may be repeated after an unknown outcome.
                if let receipt = try? await journal.append([draft], to: "stream") { report("ack \(receipt.ids[0])") }
            }
        }
    }

    private static func report(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe write(STDOUT_FILENO, bytes, bytes.count)
    }
}
#else
@main
enum Worker {
    static func main() {}
}
#endif
