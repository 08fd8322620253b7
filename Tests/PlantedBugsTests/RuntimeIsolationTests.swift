internal import AuraSimulation
internal import Foundation
internal import Synchronization
internal import Testing

/// Where code runs in a simulation is where the language says.
@Suite("runtime: isolation") struct RuntimeIsolationTests {
    actor Place {
        var visits = 0

        nonisolated func assumed() { assumeIsolated { $0.visits += 1 } }

        func visit() {
            preconditionIsolated()
            assumed()
        }

        func leaveAndReturn() async {
            preconditionIsolated()
            await elsewhere()
            preconditionIsolated()
            assumed()
            try? await Task.sleep(for: .seconds(1))
            preconditionIsolated()
            await withCheckedContinuation { waiter in
                Task.detached { waiter.resume() }
            }
            preconditionIsolated()
            async let child: Void = elsewhere()
            await child
            preconditionIsolated()
            await Task { self.preconditionIsolated() }.value
            preconditionIsolated()
            await withTaskGroup { group in
                for _ in 0..<2 { group.addTask { await elsewhere() } }
                await group.waitForAll()
                self.preconditionIsolated()
            }
            await withDiscardingTaskGroup { group in
                for _ in 0..<2 { group.addTask { await elsewhere() } }
            }
            preconditionIsolated()
            await MainActor.run { MainActor.preconditionIsolated() }
            preconditionIsolated()
            await Task.yield()
            preconditionIsolated()
        }
    }

    @concurrent static func elsewhere() async {
        #expect(Simulation.isCurrent)
    }

    @Test("an actor's code runs on it after every kind of suspension")
    func actor() async throws {
        for (visits, _) in try await probe({
            let place = Place()
            await withTaskGroup { group in
                for _ in 0..<3 {
                    group.addTask { await place.leaveAndReturn() }
                    group.addTask { await place.visit() }
                }
            }
            return await place.visits
        }) {
            #expect(visits == 6)
        }
    }

    @globalActor actor Registry {
        static let shared = Registry()
    }

    @Registry static var entries: [Int] = []

    @Registry static func register(_ entry: Int) async {
        Registry.preconditionIsolated()
        entries.append(entry)
        await elsewhere()
        Registry.preconditionIsolated()
    }

    @Test("a global actor of one's own is one actor")
    func globalActor() async throws {
        for (entries, simulation) in try await probe({
            await withTaskGroup { group in
                for entry in 0..<4 { group.addTask { await Self.register(entry) } }
                group.addTask { await Task { @Registry in await Self.register(4) }.value }
                group.addTask { await Task { @Registry in await Self.register(5) }.value }
            }
            return await Task { @Registry in
                defer { Self.entries = [] }
                return Self.entries
            }
            .value
        }) {
            #expect(entries.sorted() == Array(0..<6))
            #expect(simulation.trace.steps.ownWork == 0)
        }
    }

    final class InlineExecutor: SerialExecutor {
        func enqueue(_ job: consuming ExecutorJob) {
            job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    actor Inline {
        private let executor = InlineExecutor()
        private(set) var visits = 0

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        func visit(_ other: Place) async {
            preconditionIsolated()
            await other.visit()
            preconditionIsolated()
            visits += 1
        }
    }

    @Test("an actor may have an executor that runs its jobs at once")
    func inlineExecutor() async throws {
        for (visits, _) in try await probe({
            let (inline, place) = (Inline(), Place())
            await withTaskGroup { group in
                for _ in 0..<3 { group.addTask { await inline.visit(place) } }
            }
            return (await inline.visits, await place.visits)
        }) {
            #expect(visits == (3, 3))
        }
    }

    final class QueueExecutor: SerialExecutor {
        private let queue = DispatchQueue(label: "outside")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
        }
    }

    actor DispatchedActor {
        private let executor = QueueExecutor()
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        func visit() {}
    }

    @Test("an actor whose executor is a dispatch queue is outside, and that is said")
    func dispatchedActor() async throws {
        for seed in 0..<5 as Range<UInt64> {
            await #expect {
                try await Simulation(seed: seed).run { await DispatchedActor().visit() }
            } throws: { error in
                guard case .foreignWakeup = error as? SimulationFailure else { return false }
                return true
            }
        }
    }

    @Test("an executor preference for the global pool stays in the simulation")
    func executorPreference() async throws {
        for (visits, _) in try await probe({
            let place = Place()
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                await place.visit()
                await Self.elsewhere()
                async let child: Void = place.visit()
                await child
            }
            await Task(executorPreference: globalConcurrentExecutor) { await place.visit() }.value
            await withTaskGroup { group in
                group.addTask(executorPreference: globalConcurrentExecutor) { await place.leaveAndReturn() }
            }
            await Task.detached(executorPreference: globalConcurrentExecutor) { await place.leaveAndReturn() }.value
            return await place.visits
        }) {
            #expect(visits == 5)
        }
    }

    final class Guest: Sendable {
        private let place: EndingPlace
        init(of place: EndingPlace) { self.place = place }
        deinit { _ = place }
    }

    actor EndingPlace {
        let record: LockedRecord
        init(_ record: LockedRecord) { self.record = record }

        func visit() { record.append("visit") }

        isolated deinit {
            preconditionIsolated()
            record.append("end")
        }
    }

    @MainActor final class Window {
        let record: LockedRecord
        init(_ record: LockedRecord) { self.record = record }

        isolated deinit {
            MainActor.preconditionIsolated()
            record.append("closed")
        }
    }

    @Test("an isolated deinit runs on its actor")
    func isolatedDeinit() async throws {
        for (items, _) in try await probe({
            let record = LockedRecord()
            do {
                let place = EndingPlace(record)
                await withTaskGroup { group in
                    for _ in 0..<2 { group.addTask { await place.visit() } }
                }
                let window = await Window(record)
                await withTaskGroup { group in
                    for _ in 0..<2 { group.addTask { _ = window } }
                }
            }
            try await Task.sleep(for: .seconds(1))
            return record.items
        }) {
            #expect(items.sorted() == ["closed", "end", "visit", "visit"])
        }
    }

    @Test("a wrong assumption of the main actor, or of an actor, ends the process as it does outside")
    func wrongAssumption() async {
        await #expect(processExitsWith: .failure) {
            try await Simulation(seed: 1).run { Self.assumeMainActor() }
        }
        await #expect(processExitsWith: .failure) {
            try await Simulation(seed: 1).run { Place().assumed() }
        }
    }

    static func assumeMainActor() {
        MainActor.assumeIsolated {}
    }
}
