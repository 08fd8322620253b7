internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import Foundation
internal import Testing

@Suite("Several processes on one folder")
struct ProcessTests {
    static let isSoak = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil
    /// `make test` kills 10 times, `make soak` 100 times.
    static let seeds: Range<UInt64> = isSoak ? 0..<100 : 0..<10

    let context = HandlerContext.system()
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("storage")
    }

    @Test("two processes that count one key lose no update and repeat no revision")
    func counting() async throws {
        // Each count is synced: thousands take minutes on a disk that has other work.
        let each = Self.isSoak ? 5000 : 500
        let workers = [try WorkerProcess("count", path, "\(each)"), try WorkerProcess("count", path, "\(each)")]
        // They report at their ends, so that neither waits for the other's lines to be read.
        let lines = workers.flatMap { $0.remainingLines() }
        for worker in workers { #expect(worker.waitForExit() == 0) }
        let revisions = lines.filter { $0.hasPrefix("revision ") }
        #expect(revisions.count == 2 * each, "\(lines.filter { !$0.hasPrefix("revision ") })")
        #expect(Set(revisions).count == 2 * each)
        let storage = try await context.storage(path)
        #expect(try await storage.read("counter")?.bytes == Array("\(2 * each)".utf8))
        #expect(try await allKeys(storage) == ["counter"])
        await storage.close()
    }

    @Test("a transaction of a process killed with kill -9 is there wholly or not at all", arguments: seeds)
    func killedAmidTransactions(seed: UInt64) async throws {
        // A handler that is open all the while sees what the killed ones have left.
        let witness = try await context.storage(path)
        let workers = [try WorkerProcess("transfer", path, "4"), try WorkerProcess("transfer", path, "4")]
        let lines = try await kill(workers, seed: seed)
        var acknowledged: [String: UInt32] = [:]
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count == 3, words[0] == "ack" else { continue }
            acknowledged[String(words[1])] = UInt32(words[2])
        }
        #expect(!acknowledged.isEmpty)
        let opened = try await context.storage(path)
        for storage in [witness, opened] {
            for (name, turn) in acknowledged {
                let (left, right) = (
                    try #require(await storage.read(StorageKey("\(name)/a"))),
                    try #require(await storage.read(StorageKey("\(name)/b")))
                )
                #expect(left.bytes == right.bytes)
                let found = UInt32(left.bytes[0]) | UInt32(left.bytes[1]) << 8 | UInt32(left.bytes[2]) << 16
                #expect(found == turn || found == turn + 1, "\(name): \(turn) was acknowledged, \(found) is there")
                let third = try await storage.read(StorageKey("\(name)/c"))
                #expect(third?.bytes == (found.isMultiple(of: 2) ? nil : left.bytes))
                let keys = try await allKeys(storage, prefix: "\(name)/")
                #expect(keys.count == (found.isMultiple(of: 2) ? 2 : 3))
            }
            try await storage.write([1], to: "goes on")
        }
        await witness.close()
        await opened.close()
    }

    @Test("every acknowledged write survives kill -9 with its revision, which no other write has", arguments: seeds)
    func killedAmidWrites(seed: UInt64) async throws {
        var revisions: [String] = []
        for round in 0..<2 {
            let workers = [try WorkerProcess("write", path, "8"), try WorkerProcess("write", path, "8")]
            let lines = try await kill(workers, seed: seed &* 2 &+ UInt64(round))
            #expect(!lines.contains { $0.hasPrefix("refused") }, "\(lines.filter { $0.hasPrefix("refused") })")
            let storage = try await context.storage(path)
            for line in lines {
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 3, words[0] == "ack" else { continue }
                let value = try await storage.read(StorageKey(words[1]))
                #expect(value?.bytes == Array(words[1].utf8), "lost: \(line)")
                #expect(value?.revision.description == words[2])
                revisions.append(words[2])
            }
            await storage.close()
        }
        #expect(!revisions.isEmpty)
        #expect(Set(revisions).count == revisions.count)
    }

    /// Kills each process at a moment of its own, the last one after its first answer, and returns what they reported.
    private func kill(_ workers: [WorkerProcess], seed: UInt64) async throws -> [String] {
        for worker in workers { #expect(worker.line() == "ready") }
        var generator = SeededGenerator(seed: seed)
        var lines: [String] = []
        for worker in workers {
            if worker === workers.last { lines += worker.lines(through: "ack ") }
            try await Task.sleep(for: .milliseconds(Int(generator.next() % 120) + 20))
            worker.kill()
        }
        lines += workers.flatMap { $0.remainingLines() }
        for worker in workers { worker.waitForExit() }
        return lines
    }

    @Test("each of one task's writes is synced before its answer, and concurrent writes share a sync")
    func syncs() async throws {
        for tasks in [1, 16] {
            let worker = try WorkerProcess("count-syncs", folder.file("\(tasks)"), "\(tasks)")
            let lines = worker.remainingLines()
            #expect(worker.waitForExit() == 0)
            let syncs = lines.filter { $0.hasPrefix("syncs ") }.compactMap { Int($0.dropFirst(6)) }
            #expect(syncs.count == tasks * 20, "\(lines.filter { !$0.hasPrefix("syncs") })")
            #expect(syncs.allSatisfy { $0 >= 1 }, "\(syncs)")
            let total = try #require(lines.first { $0.hasPrefix("total ") }.flatMap { Int($0.dropFirst(6)) })
            if tasks > 1 { #expect(total < tasks * 20, "\(total) syncs for \(tasks * 20) writes") }
        }
    }

    @Test("a write whose sync fails is not acknowledged, and the storage goes on")
    func failedSync() async throws {
        let worker = try WorkerProcess("fail-sync", path)
        let lines = worker.remainingLines()
        #expect(worker.waitForExit() == 0)
        #expect(lines.filter { $0 == "refused unavailable unknown" }.count == 1, "\(lines)")
        let acknowledged = lines.filter { $0.hasPrefix("ack ") }.map { $0.split(separator: " ") }
        #expect(acknowledged.count == 4)
        let storage = try await context.storage(path)
        for words in acknowledged {
            let value = try await storage.read(StorageKey("key \(words[1])"))
            #expect(value?.bytes == [UInt8(words[1]) ?? 255])
            #expect(value?.revision.description == String(words[2]))
        }
        await storage.close()
    }

    @Test("a write waits for another process's lock as long as it is told, and can be cancelled meanwhile")
    func lockedOut() async throws {
        let storage = try await context.storage(path) { $0.lockTimeout = .milliseconds(200) }
        try await storage.write([1], to: "key")
        var lock: HeldLock? = try await HeldLock(of: path)
        let error = await thrownError { () throws(EffectError) in _ = try await storage.write([2], to: "key") }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(error?.outcome == .notApplied)
        #expect(try await storage.read("key")?.bytes == [1])

        let waiting = Task { try await storage.write([3], to: "key") }
        waiting.cancel()
        let result = await waiting.result
        #expect(throws: EffectError.self) { try result.get() }
        withExtendedLifetime(lock) {}
        lock = nil
        try await storage.write([4], to: "key")
        #expect(try await storage.read("key")?.bytes == [4])
        await storage.close()
        let stopped = await thrownError { () throws(EffectError) in _ = try await storage.read("key") }
        #expect(stopped?.code == .unavailable)
        #expect(stopped?.isRetryable == false)
    }
}
