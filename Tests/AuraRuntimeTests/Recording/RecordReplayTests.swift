internal import AuraEffects
internal import Testing

@testable internal import AuraRuntime

@Suite("Recording and replaying")
struct RecordReplayTests {
    private let application: RecordedApplication

    init() throws {
        application = try RecordedApplication()
    }

    /// Writes and reads in named tasks side by side; returns what it was told.
    @Sendable private func work(_ effects: EffectSystem) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for worker in 0..<8 {
                group.addTask(name: "worker \(worker)") {
                    var told: [String] = []
                    for round in 0..<20 {
                        let key = StorageKey("key \(round % 5)")
                        let revision = try await effects.storage.write([UInt8(worker), UInt8(round)], to: key)
                        let read = try await effects.storage.read(key)
                        told.append("\(worker) \(revision) \(read?.bytes ?? [])")
                        do throws(EffectError) {
                            _ = try await effects.storage.write([1], to: "key 0", if: .absent)
                        } catch {
                            told.append("\(error)")
                        }
                    }
                    return told
                }
            }
            var told: [String] = []
            for try await part in group { told += part }
            return told.sorted()
        }
    }

    @Test("tasks side by side are told the same again, though their calls met in a storage that they shared")
    func concurrentTasks() async throws {
        let recorded = try await application.record { effects, _ in try await work(effects) }
        let replayed = try await application.replay { effects, _ in try await work(effects) }
        #expect(replayed == recorded)
        #expect(recorded.contains { $0.contains("preconditionFailed") })
        #expect(application.log.all.last?.contains("Replayed 480 calls") == true, "\(application.log.all)")
        #expect(application.log.all.last?.hasSuffix("all that were recorded.") == true)
    }

    @Test("every kind of answer comes back: values, none, pages, errors, and what a handler declares")
    func everyAnswer() async throws {
        @Sendable func work(_ effects: EffectSystem) async throws -> [String] {
            let storage = effects.storage
            var told: [String] = []
            told.append("\(String(describing: try await storage.read("k")))")
            told.append("\(try await storage.write(Array(repeating: 7, count: 1000), to: "k", if: .absent))")
            told.append("\(String(describing: try await storage.read("k")))")
            told.append("\(try await storage.transact([.write([1], to: "a"), .remove("k")]))")
            told.append("\(try await storage.list(prefix: "", after: nil, limit: 10))")
            told.append("\(try await storage.remove("a"))")
            told.append("\(storage.capabilities.limits.count) \(storage.capabilities.features)")
            let archive = effects[StorageEffect.self, instance: "archive"]
            told.append("\(try await archive.write([2], to: "k")) \(try await archive.read("k")?.bytes ?? [])")
            do throws(EffectError) {
                _ = try await storage.write([1], to: "")
            } catch {
                told.append("\(error) \(error.isRetryable) \(error.outcome) \(error.handler)")
            }
            return told
        }
        let recorded = try await application.record { effects, _ in try await work(effects) }
        let replayed = try await application.replay { effects, context in
            #expect(context.profile.name == "recorded")
            #expect(context.environment == .mobile)
            #expect(context.needs.isMet)
            return try await work(effects)
        }
        #expect(replayed == recorded)
    }

    @Test("the budget of a replay is that of the recorded run, on whatever machine")
    func budget() async throws {
        let recorded = try await application.record { _, context in context.budget }
        let replayed = try await application.replay { _, context in context.budget }
        #expect(replayed == recorded)
    }

    @Test("a call that was left out or put elsewhere since leaves the others as they are")
    func unrelatedChanges() async throws {
        try await application.record { effects, _ in
            try await effects.storage.write([1], to: "a")
            try await effects.storage.write([2], to: "b")
            _ = try await effects.storage.read("a")
            _ = try await effects.storage.read("b")
        }
        try await application.replay { effects, _ in
            #expect(try await effects.storage.read("b")?.bytes == [2])
            try await effects.storage.write([2], to: "b")
            #expect(try await effects.storage.read("a")?.bytes == [1])
        }
        #expect(application.log.all.last?.contains("1 recorded ones were not asked for") == true)
    }

    @Test("a new call that nothing recorded answers is the first divergence, whatever the application makes of it")
    func newCall() async throws {
        try await application.record { effects, _ in
            try await effects.storage.write([1], to: "a")
            try await effects.storage.write([2], to: "b")
        }
        let failure = await application.failure { effects in
            try await effects.storage.write([1], to: "a")
            let error = await #expect(throws: EffectError.self) { _ = try await effects.storage.read("new") }
            #expect(error?.code == .replayDiverged && error?.isRetryable == false)
            // Every later call fails the same way, also one that was recorded.
            let later = await #expect(throws: EffectError.self) { try await effects.storage.write([2], to: "b") }
            #expect(later?.code == .replayDiverged)
        }
        #expect(failure?.kind == .diverged && failure?.exitCode == 76)
        #expect(failure?.message.contains("asked:    storage.read on 'new' with {\"key\":\"new\"}") == true)
        #expect(failure?.message.contains("no more calls of it; the recording is complete") == true)
    }

    @Test("a changed argument shows both sides, and names what differs")
    func changedArgument() async throws {
        try await application.record { effects, _ in
            for byte in 1...5 { try await effects.storage.write([UInt8(byte)], to: "a") }
        }
        let failure = await application.failure { effects in
            for byte in [1, 2, 9] { try await effects.storage.write([UInt8(byte)], to: "a") }
        }
        let message = try #require(failure?.message)
        #expect(message.contains(#"asked:    storage.write on 'a' with {"bytes":"CQ==","key":"a""#), "\(message)")
        #expect(message.contains(#"recorded: line 4: storage.write on 'a' with {"bytes":"Aw=="#), "\(message)")
        #expect(message.contains("line 6") && !message.contains("more"))
        #expect(message.contains("different from line 4: bytes"))
        #expect(message.contains("withEffectScope"))
    }

    @Test("a large argument that differs in one byte is found")
    func changedLargeArgument() async throws {
        var bytes = [UInt8](repeating: 0, count: 100_000)
        try await application.record { [bytes] effects, _ in try await effects.storage.write(bytes, to: "a") }
        try await application.replay { [bytes] effects, _ in try await effects.storage.write(bytes, to: "a") }
        bytes[99_999] = 1
        let failure = await application.failure { [bytes] effects in
            try await effects.storage.write(bytes, to: "a")
        }
        #expect(failure?.message.contains(#""bytes":{"count":100000,"xxh64":"#) == true)
        #expect(try application.lines[1].utf8.count < 500)
    }

    @Test("a call of another task is shown as a similar one")
    func otherTask() async throws {
        try await application.record { effects, _ in
            try await withEffectScope("first") { _ = try await effects.storage.read("a") }
        }
        let failure = await application.failure { effects in
            try await withEffectScope("second") { _ = try await effects.storage.read("a") }
        }
        #expect(failure?.message.contains("asked:    storage.read on 'a' in 'second'") == true)
        #expect(failure?.message.contains("similar:  line 2: storage.read on 'a' in 'first'") == true)
    }

    @Test("an error of the application comes through a replay as it did before")
    func applicationError() async throws {
        struct Refusal: Error {}
        await #expect(throws: Refusal.self) { try await application.record { _, _ in throw Refusal() } }
        await #expect(throws: Refusal.self) { try await application.replay { _, _ in throw Refusal() } }
    }

    @Test("a task's path is made of the scopes around it and the names of tasks")
    func taskPaths() async {
        // The test's own task has a name.
        await Task { await checkTaskPaths() }.value
    }

    @Sendable private func checkTaskPaths() async {
        #expect(EffectScope.currentPath == "")
        await withEffectScope("import") {
            #expect(EffectScope.currentPath == "import")
            await Task(name: "a") {
                #expect(EffectScope.currentPath == "import#a")
                await withEffectScope("chunk") {
                    #expect(EffectScope.currentPath == "import#a/chunk")
                    await Task(name: "b") { #expect(EffectScope.currentPath == "import#a/chunk#b") }.value
                    await Task { #expect(EffectScope.currentPath == "import#a/chunk") }.value
                }
            }
            .value
        }
        await Task.detached { #expect(EffectScope.currentPath == "") }.value
    }

    @Test("a scope returns what its body returns and throws what it throws")
    func scopeResults() async throws {
        let number = await withEffectScope("scope") { 1 }
        #expect(number == 1)
        let error = await #expect(throws: EffectError.self) {
            try await withEffectScope("scope") { () async throws(EffectError) in throw EffectError(.conflict, "No.") }
        }
        #expect(error?.code == .conflict)
    }
}
