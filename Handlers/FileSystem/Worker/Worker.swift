internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSystem
internal import CSyncCounter
internal import Glibc
internal import Logging

/// A process of its own for the fault tests: it is killed, or counts together with others.
///
/// Every line that it prints is one `write`, so that what a test reads of a killed worker was really reported.
@main
enum Worker {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2, let mode = arguments.first, let path = arguments.dropFirst().first else {
            report("usage: storage-worker transfer|write|count|count-syncs|fail-sync FOLDER [NUMBER]")
            exit(64)
        }
        let number = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 0
        do throws(EffectError) {
            let context = HandlerContext(
                budget: ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 0.1, ioQuota: .mebibytes(1)),
                time: SystemTimeHandler(),
                random: SystemRandomHandler(),
                logger: Logger(label: "storage-worker")
            )
            var configuration = FileSystemConfiguration(path: path, budget: context.budget)
            // Small, so that a process is often killed amid a checkpoint.
            configuration.log = .kibibytes(16)
            let storage = try await FileSystemStorageHandler.open(configuration, context)
            report("ready")
            switch mode {
            case "transfer": await transfer(storage, tasks: number)
            case "write": await write(storage, tasks: number)
            case "count": try await count(storage, to: number)
            case "count-syncs": await countSyncs(storage, tasks: number)
            case "fail-sync": await failSync(storage)
            default:
                report("unknown mode \(mode)")
                exit(64)
            }
            await storage.close()
        } catch {
            report("error \(error.code) \(error)")
            exit(1)
        }
    }

    /// Writes the same number to three keys in one transaction, again and again until killed.
    private static func transfer(_ storage: FileSystemStorageHandler, tasks: Int) async {
        await withDiscardingTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    var turn: UInt32 = 0
                    while true {
                        turn += 1
                        let bytes =
                            unsafe withUnsafeBytes(of: turn) { unsafe Array($0) } + Array(repeating: 7, count: 500)
                        let name = "\(getpid())-\(task)"
                        do throws(EffectError) {
                            try await storage.transact([
                                .write(bytes, to: StorageKey("\(name)/a")),
                                .write(bytes, to: StorageKey("\(name)/b")),
                                turn.isMultiple(of: 2)
                                    ? .remove(StorageKey("\(name)/c")) : .write(bytes, to: StorageKey("\(name)/c")),
                            ])
                            report("ack \(name) \(turn)")
                        } catch {
                            report("refused \(error.code) \(error.outcome.rawValue) \(error)")
                        }
                    }
                }
            }
        }
    }

    /// Writes new keys until killed and reports each with its revision.
    private static func write(_ storage: FileSystemStorageHandler, tasks: Int) async {
        await withDiscardingTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    var turn = 0
                    while true {
                        turn += 1
                        let key = "\(getpid())/\(task)/\(turn)"
                        do throws(EffectError) {
                            let revision = try await storage.write(Array(key.utf8), to: StorageKey(key))
                            report("ack \(key) \(revision)")
                        } catch {
                            report("refused \(error.code) \(error.outcome.rawValue) \(error)")
                        }
                    }
                }
            }
        }
    }

    /// Adds one to a counter so many times by compare-and-swap, and reports the revisions at the end.
    private static func count(_ storage: FileSystemStorageHandler, to number: Int) async throws(EffectError) {
        var lines: [String] = []
        for _ in 0..<number {
            while true {
                let value = try await storage.read("counter")
                let count = (value.map { String(decoding: $0.bytes, as: UTF8.self) }).flatMap { Int($0) } ?? 0
                do throws(EffectError) {
                    let revision = try await storage.write(
                        Array(String(count + 1).utf8),
                        to: "counter",
                        if: value.map { .matches($0.revision) } ?? .absent
                    )
                    lines.append("revision \(revision)")
                    break
                } catch {
                    guard error.code == .preconditionFailed else { throw error }
                }
            }
        }
        report(lines.joined(separator: "\n"))
    }

    /// Reports for each write how many syncs there were between its call and its answer.
    private static func countSyncs(_ storage: FileSystemStorageHandler, tasks: Int) async {
        let start = aura_sync_count()
        await withDiscardingTaskGroup { group in
            for task in 0..<tasks {
                group.addTask {
                    for turn in 0..<20 {
                        let before = aura_sync_count()
                        do throws(EffectError) {
                            try await storage.write([UInt8(turn)], to: StorageKey("\(task)"))
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

    /// Lets one sync fail and reports what the write that waited for it was told; then goes on.
    private static func failSync(_ storage: FileSystemStorageHandler) async {
        for round in 0..<5 {
            if round == 2 { aura_sync_fail(1) }
            do throws(EffectError) {
                report("ack \(round) \(try await storage.write([UInt8(round)], to: StorageKey("key \(round)")))")
            } catch {
                report("refused \(error.code) \(error.outcome.rawValue)")
            }
        }
    }

    private static func report(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe Glibc.write(STDOUT_FILENO, bytes, bytes.count)
    }
}
