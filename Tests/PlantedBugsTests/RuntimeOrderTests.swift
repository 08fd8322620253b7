internal import AuraSimulation
internal import Testing

/// What Swift promises about order, a seed must not break.
@Suite("runtime: order") struct RuntimeOrderTests {
    actor Counter {
        var items: [Int] = []

        func spawn(_ count: Int) -> [Task<Void, Never>] {
            (0..<count).map { number in Task { self.items.append(number) } }
        }

        func spawnNamed(_ count: Int) -> [Task<Void, Never>] {
            (0..<count).map { number in Task(name: "task \(number)") { self.items.append(number) } }
        }

        func spawnMixed(_ count: Int) -> [Task<Void, Never>] {
            (0..<count)
                .map { number in
                    number % 2 == 0
                        ? Task(name: "task \(number)") { self.items.append(number) }
                        : Task { self.items.append(number) }
                }
        }

        func add(_ number: Int) { items.append(number) }
    }

    @Test("tasks that an actor makes for itself run in the order in which it made them")
    func actorTasks() async throws {
        for (items, simulation) in try await probe({
            let counter = Counter()
            for task in await counter.spawn(6) { await task.value }
            return await counter.items
        }) {
            #expect(items == Array(0..<6))
            #expect(simulation.trace.steps.ownWork == 0)
        }
    }

    @Test("so do tasks with names")
    func namedTasks() async throws {
        for (items, simulation) in try await probe({
            let counter = Counter()
            for task in await counter.spawnNamed(6) { await task.value }
            return await counter.items
        }) {
            #expect(items == Array(0..<6))
            #expect(simulation.trace.steps.ownWork == 0)
        }
        for (items, _) in try await probe({
            let counter = Counter()
            for task in await counter.spawnMixed(6) { await task.value }
            return await counter.items
        }) {
            #expect(items == Array(0..<6))
        }
    }

    @Test("tasks for the main actor run in the order in which one task made them")
    func mainActorTasks() async throws {
        for (items, simulation) in try await probe({
            let record = Record()
            let tasks = (0..<5)
                .map { number in
                    Task { @MainActor in
                        MainActor.assertIsolated()
                        MainBox.items.append(number)
                    }
                }
            for task in tasks { await task.value }
            _ = record
            return await MainActor.run {
                defer { MainBox.items = [] }
                return MainBox.items
            }
        }) {
            #expect(items == Array(0..<5))
            #expect(simulation.trace.steps.ownWork == 0)
        }
    }

    @MainActor enum MainBox {
        static var items: [Int] = []
    }

    @Test("calls that one task makes to an actor one after the other arrive in that order")
    func callsInOrder() async throws {
        for (items, _) in try await probe({
            let record = Record()
            await withTaskGroup { group in
                for name in ["a", "b"] {
                    group.addTask { for number in 0..<4 { await record.append("\(name)\(number)") } }
                }
            }
            return await record.items
        }) {
            #expect(items.filter { $0.hasPrefix("a") } == ["a0", "a1", "a2", "a3"])
            #expect(items.filter { $0.hasPrefix("b") } == ["b0", "b1", "b2", "b3"])
        }
    }

    @Test("child tasks of a group may begin in any order")
    func groupOrder() async throws {
        let orders = try await probe {
            let record = Record()
            await withTaskGroup { group in
                for number in 0..<3 { group.addTask { await record.append("\(number)") } }
            }
            return await record.items
        }
        #expect(Set(orders.map(\.value)).count > 1)
        #expect(orders.allSatisfy { $0.value.sorted() == ["0", "1", "2"] })
    }

    @Test("an immediate task runs up to its first suspension before its maker goes on")
    func immediateTask() async throws {
        for (items, simulation) in try await probe({
            let record = LockedRecord()
            record.append("before")
            let task = Task.immediate {
                record.append("begun")
                try? await Task.sleep(for: .seconds(1))
                record.append("resumed")
            }
            record.append("after")
            await task.value
            return record.items
        }) {
            #expect(Array(items.prefix(3)) == ["before", "begun", "after"])
            #expect(items.count == 4)
            #expect(simulation.trace.steps.ownWork == 0)
        }
    }

    actor Host {
        var items: [String] = []

        func begin() -> Task<Void, Never> {
            items.append("before")
            let task = Task.immediate {
                self.items.append("begun")
                try? await Task.sleep(for: .seconds(1))
                self.preconditionIsolated()
                self.items.append("resumed")
            }
            items.append("after")
            return task
        }
    }

    @Test("an immediate task of an actor stays on it")
    func immediateTaskOnActor() async throws {
        for (items, simulation) in try await probe({
            let host = Host()
            let task = await host.begin()
            await host.begin().value
            await task.value
            return await host.items
        }) {
            #expect(Array(items.prefix(3)) == ["before", "begun", "after"])
            #expect(items.count == 8)
            #expect(simulation.trace.steps.ownWork == 0)
        }
    }

    @Test("an immediate task for an actor that is elsewhere waits its turn")
    func immediateTaskElsewhere() async throws {
        for (items, simulation) in try await probe({
            let counter = Counter()
            let first = Task.immediate { await counter.add(1) }
            await first.value
            let second = Task.immediate { @MainActor in
                MainActor.assertIsolated()
                await counter.add(2)
            }
            await second.value
            return await counter.items
        }) {
            #expect(items == [1, 2])
            #expect(simulation.trace.steps.ownWork == 0)
        }
    }

    @Test("a stream delivers in order, whoever waits")
    func stream() async throws {
        for (items, _) in try await probe({
            let (stream, continuation) = AsyncStream<Int>.makeStream()
            let reading = Task {
                var items: [Int] = []
                for await item in stream { items.append(item) }
                return items
            }
            for number in 0..<6 {
                continuation.yield(number)
                if number % 2 == 0 { await Task.yield() }
            }
            continuation.finish()
            return await reading.value
        }) {
            #expect(items == Array(0..<6))
        }
    }

    @Test("a stream made of a function calls it once an element")
    func unfoldingStream() async throws {
        for (items, _) in try await probe({
            let counter = Unfolder()
            let stream = AsyncStream { await counter.next() }
            return await stream.reduce(into: []) { $0.append($1) }
        }) {
            #expect(items == [1, 2, 3, 4])
        }
    }

    actor Unfolder {
        private var number = 0

        func next() async -> Int? {
            number += 1
            let own = number
            await Task.yield()
            return own > 4 ? nil : own
        }
    }

    @globalActor actor Desk {
        static let shared = Desk()
    }

    @Desk final class Paper {
        private let record: LockedRecord
        nonisolated init(_ record: LockedRecord) { self.record = record }
        isolated deinit { record.append("deinit") }
    }

    @Desk static func tidy(_ record: LockedRecord) { record.append("tidy") }

    @Test("an isolated deinit keeps its place among its actor's jobs")
    func isolatedDeinit() async throws {
        for (items, simulation) in try await probe({
            let record = LockedRecord()
            _ = Paper(record)
            await Self.tidy(record)
            return record.items
        }) {
            #expect(items == ["deinit", "tidy"])
            #expect(simulation.trace.steps.ownWork == 1)
        }
    }

    actor Everything {
        let other = Record()

        func doIt(isolation: isolated (any Actor)? = #isolation) async throws -> Int {
            await other.append("a")
            try await Task.sleep(for: .milliseconds(1))
            async let child: Void = other.append("b")
            await child
            async let own: Void = touch()
            await own
            await withUnsafeContinuation { waiter in Task { waiter.resume() } }
            try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<Void, any Error>) in
                Task.detached { waiter.resume() }
            }
            try? await withUnsafeThrowingContinuation { (waiter: UnsafeContinuation<Void, any Error>) in
                Task.detached { waiter.resume(throwing: CancellationError()) }
            }
            let (stream, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
            Task {
                for number in 0..<3 { continuation.yield(number) }
                continuation.finish(throwing: CancellationError())
            }
            var sum = 0
            do { for try await number in stream { sum += number } } catch {}
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 { group.addTask { await self.touch() } }
                group.addImmediateTask { await self.touch() }
                try await group.waitForAll()
            }
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<3 { group.addTask { await self.touch() } }
            }
            await Task.immediateDetached { await self.touch() }.value
            await withTaskExecutorPreference(globalConcurrentExecutor) { await self.touch() }
            await withTaskCancellationHandler {
                await self.touch()
            } onCancel: {
            }
            await MainActor.run {}
            _ = await Task { @MainActor in await self.touch() }.value
            return sum
        }

        func touch() { preconditionIsolated() }
    }

    @Test("no hop, wait or wake-up leaves the simulation's queues")
    func nothingByTheRuntimeItself() async throws {
        for (sum, simulation) in try await probe({
            let everything = Everything()
            async let other = Everything().doIt()
            return try await everything.doIt() + other
        }) {
            #expect(sum == 6)
            #expect(simulation.trace.steps.ownWork == 0)
        }
    }
}
