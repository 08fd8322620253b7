internal import AuraSimulation
internal import Foundation
internal import Testing

/// Cancellation, priorities, task-local values, groups.
@Suite("runtime: tasks") struct RuntimeTaskTests {
    @TaskLocal static var name = "none"

    @Test("task-local values go where the language says, the caller's included")
    func taskLocals() async throws {
        try await Self.$name.withValue("caller") {
            for (names, _) in try await probe({
                let outer = Self.name
                return await Self.$name.withValue("inner") {
                    async let child = Self.name
                    let task = Task { Self.name }
                    let detached = Task.detached { Self.name }
                    let group = await withTaskGroup(of: String.self) { group in
                        group.addTask { Self.name }
                        return await group.next() ?? ""
                    }
                    return [outer, Self.name, await child, await task.value, await detached.value, group]
                }
            }) {
                #expect(names == ["caller", "inner", "inner", "inner", "none", "inner"])
            }
        }
        #expect(Self.name == "none")
    }

    @Test("priorities are what was asked for")
    func priorities() async throws {
        for (priorities, _) in try await probe({
            let low = Task(priority: .low) { Task.currentPriority }
            let high = Task(priority: .high) { Task.currentPriority }
            let detached = Task.detached(priority: .background) { Task.basePriority }
            return [await high.value, await low.value, await detached.value ?? .high]
        }) {
            #expect(priorities[0] == .high)
            #expect(priorities[1] >= .low)
            #expect(priorities[2] == .background)
        }
    }

    @Test("raising a waiting task's priority changes no more than that")
    func escalation() async throws {
        for (value, _) in try await probe({
            let record = Record()
            let tasks = (0..<3)
                .map { number in
                    Task(priority: .background) {
                        await withTaskPriorityEscalationHandler {
                            await record.append("\(number)")
                            try? await Task.sleep(for: .seconds(1))
                        } onPriorityEscalated: { _, _ in
                        }
                    }
                }
            tasks[1].escalatePriority(to: .high)
            await Task.yield()
            tasks[2].escalatePriority(to: .high)
            for task in tasks { await task.value }
            return await record.items.sorted()
        }) {
            #expect(value == ["0", "1", "2"])
        }
    }

    @Test("a cancelled sleep ends at once, and a handler runs once")
    func cancellation() async throws {
        for (outcome, simulation) in try await probe({
            let record = LockedRecord()
            let task = Task {
                await withTaskCancellationHandler {
                    do { try await Task.sleep(for: .seconds(1000)) } catch { record.append("\(type(of: error))") }
                } onCancel: {
                    record.append("handler")
                }
                record.append("\(Task.isCancelled)")
            }
            try await Task.sleep(for: .seconds(1))
            task.cancel()
            task.cancel()
            await task.value
            return record.items
        }) {
            #expect(outcome == ["handler", "CancellationError", "true"])
            #expect(simulation.elapsed < .seconds(2))
        }
    }

    @Test("a cancelled task that sleeps leaves its timer behind, which does no harm")
    func cancelledTimers() async throws {
        for (elapsed, simulation) in try await probe({
            let clock = ContinuousClock()
            let start = clock.now
            for _ in 0..<20 {
                let task = Task { try? await Task.sleep(for: .seconds(5)) }
                task.cancel()
                await task.value
            }
            try await Task.sleep(for: .seconds(10))
            return start.duration(to: clock.now)
        }) {
            #expect(elapsed >= .seconds(10) && elapsed < .seconds(11))
            #expect(simulation.elapsed >= elapsed)
        }
    }

    struct Broken: Error {}

    @Test("a group that throws cancels and awaits its children")
    func throwingGroup() async throws {
        for (items, _) in try await probe({
            let record = LockedRecord()
            do {
                try await withThrowingTaskGroup { group in
                    for number in 0..<3 {
                        group.addTask {
                            do { try await Task.sleep(for: .seconds(100)) } catch { record.append("\(number)") }
                        }
                    }
                    group.addTask { throw Broken() }
                    for try await _ in group {}
                }
            } catch {
                record.append("\(error)")
            }
            return record.items
        }) {
            #expect(items.sorted() == ["0", "1", "2", "Broken()"])
            #expect(items.last == "Broken()")
        }
    }

    @Test("a discarding group that fails cancels the others and throws")
    func discardingGroup() async throws {
        for (items, _) in try await probe({
            let record = LockedRecord()
            do {
                try await withThrowingDiscardingTaskGroup { group in
                    for number in 0..<3 {
                        group.addTask {
                            do { try await Task.sleep(for: .seconds(100)) } catch { record.append("\(number)") }
                        }
                    }
                    group.addImmediateTask { record.append("immediate") }
                    group.addTask { throw Broken() }
                }
            } catch {
                record.append("\(error)")
            }
            return record.items
        }) {
            #expect(items.sorted() == ["0", "1", "2", "Broken()", "immediate"])
            #expect(items.last == "Broken()")
        }
    }

    @Test("a child that is not awaited is cancelled and awaited at the end of its scope")
    func forgottenChild() async throws {
        for (items, _) in try await probe({
            let record = LockedRecord()
            func scope() async {
                async let _: Void = {
                    do { try await Task.sleep(for: .seconds(100)) } catch { record.append("cancelled") }
                }()
                record.append("scope")
            }
            await scope()
            record.append("end")
            return record.items
        }) {
            #expect(items == ["scope", "cancelled", "end"])
        }
    }

    @Test("a program whose caller is cancelled already is cancelled")
    func cancelledCaller() async throws {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await Simulation(seed: 1)
                .run {
                    try await Task.sleep(for: .seconds(1_000_000))
                }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("a program that throws hands its error over, also before its first suspension")
    func thrown() async throws {
        await #expect(throws: Broken.self) { try await Simulation(seed: 1).run { throw Broken() } }
        #expect(throws: Broken.self) {
            try Simulation(seed: 1)
                .runBlocking {
                    await Task.yield()
                    throw Broken()
                }
        }
    }

    @Test("what is left running ends with the program")
    func leftRunning() async throws {
        for (_, simulation) in try await probe({
            Task { while true { try await Task.sleep(for: .seconds(1)) } }
            Task { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
            try await Task.sleep(for: .seconds(10))
        }) {
            #expect(simulation.elapsed < .seconds(11))
        }
    }

    @Test("a simulation inside a simulation gives what it gives alone, and the outer one is repeatable")
    func nested() async throws {
        @Sendable func program() async throws -> [Int] {
            let record = Record()
            await withTaskGroup { group in
                for number in 0..<4 { group.addTask { await record.append("\(number)") } }
            }
            try await Task.sleep(for: .milliseconds(.random(in: 1...100)))
            return await record.items.compactMap { Int($0) }
        }
        let alone = try await probe(seeds: 7..<8, program)[0]
        var hashes: Set<UInt64> = []
        for (inner, simulation) in try await (0..<2)
            .asyncFlatMap({ _ in
                try await probe(seeds: 3..<4) {
                    let before = ContinuousClock.now
                    let simulation = Simulation(seed: 7, configuration: .init(maximumSteps: 100_000, keptSteps: 2_000))
                    let value = try await simulation.run(program)
                    #expect(before.duration(to: .now) < .milliseconds(2))
                    await Task.yield()
                    return (value, simulation.trace.hash)
                }
            })
        {
            #expect(inner.0 == alone.value)
            #expect(inner.1 == alone.simulation.trace.hash)
            hashes.insert(simulation.trace.hash)
        }
        #expect(hashes.count == 1)
    }
}

extension Sequence {
    fileprivate func asyncFlatMap<Value>(_ transform: (Element) async throws -> [Value]) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values += try await transform(element) }
        return values
    }
}
