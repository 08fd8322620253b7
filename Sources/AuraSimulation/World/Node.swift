#if os(Linux)
public import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Logging
internal import Synchronization

/// A machine of a world: a disk, a clock, a place in the network, and the process of an application.
///
/// What is done on it through ``perform(_:)`` belongs to its process: it stands still while the node is paused and never
/// goes on after a crash.
public final class Node: Sendable {
    /// Its name, which is also its address in the network.
    public let name: String
    private let program: NodeProgram
    private let diskConfiguration: DiskConfiguration
    private let place: NodePlace
    private let state: Mutex<State>

    private struct State: Sendable {
        var life: Life?
        var lifeCount: UInt64 = 0
        var disk: SimulatedDisk
        var diskFaults: [PlannedFault] = []
        var clock: SimulatedTimeHandler
        /// Whether it was crashed or killed, and not started again.
        var isDown = false
        var waiting: [UInt64: @Sendable (NodeFailure) -> Void] = [:]
        var nextWaiting: UInt64 = 0
        var lastExit: (any Error)?

        mutating func takeWaiting() -> [@Sendable (NodeFailure) -> Void] {
            defer { waiting.removeAll() }
            return waiting.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// One run of the node's process.
    private struct Life: Sendable {
        var number: NodeNumber
        var process: Task<Void, Never>?
        var effects: EffectSystem?
    }

    init(
        _ name: String,
        _ program: NodeProgram,
        disk configuration: DiskConfiguration,
        clock: SimulatedTimeHandler,
        _ place: NodePlace
    ) {
        self.name = name
        self.program = program
        self.place = place
        diskConfiguration = configuration
        state = Mutex(State(disk: place.makeDisk(configuration), clock: clock))
        disk.whenPowerFails { [weak self] in self?.crash() }
    }

    /// Its disk, which outlives its processes.
    public var disk: SimulatedDisk { state.withLock { $0.disk } }

    /// Gives a machine that is down a new, empty disk.
    public func replaceDisk() {
        let disk = place.makeDisk(diskConfiguration)
        disk.whenPowerFails { [weak self] in self?.crash() }
        state.withLock { $0.disk = disk }
        withDiskFaults { _ in }
    }

    /// Changes what is wrong with the disk.
    func withDiskFaults(_ change: (inout [PlannedFault]) -> Void) {
        let (disk, faults) = state.withLock { state in
            change(&state.diskFaults)
            return (state.disk, state.diskFaults)
        }
        disk.fail(as: faults)
    }

    /// Its address in the network.
    public var peer: PeerID { PeerID(name) }

    /// Its clocks.
    public var clock: SimulatedTimeHandler { state.withLock { $0.clock } }

    /// Whether its process runs and has its handlers.
    public var isUp: Bool { state.withLock { $0.life?.effects != nil } }

    /// What ended its process, where that ended with an error of its own; `nil` after a start.
    public var lastExit: (any Error)? { state.withLock { $0.lastExit } }

    // MARK: The process

    /// Starts the node's process and waits until its handlers are there; does nothing where it runs.
    ///
    /// - Throws: What its profile or a handler refuses; ``NodeFailure`` where it crashed meanwhile.
    public func start() async throws {
        guard try begin() else { return }
        do {
            _ = try await perform { _ in }
        } catch {
            throw lastExit ?? error
        }
    }

    /// Starts the node's process; where somebody starts it again and again, it is left to them whether it comes up.
    func restart() async throws {
        do {
            try await start()
        } catch  where program.restartDelay != nil {}
    }

    /// Starts the process; whether it had not run.
    private func begin() throws -> Bool {
        let number = place.scheduler.makeNodeNumber()
        let (life, clock) =
            state.withLock { state -> (UInt64, SimulatedTimeHandler)? in
                guard state.life == nil else { return nil }
                state.life = Life(number: number)
                state.lifeCount += 1
                state.lastExit = nil
                state.isDown = false
                state.clock = state.clock.restarted()
                return (state.lifeCount, state.clock)
            } ?? (0, clock)
        guard life > 0 else { return false }
        let handlers = NodeHandlers(
            time: clock,
            seed: place.seeds.next(),
            network: place.network,
            peer: peer,
            cloud: place.cloud,
            linked: program.handlers
        )
        let assembly: Assembly
        do {
            assembly = try Assembly(
                program.profile,
                program.handlers.adding(handlers),
                needs: program.needs,
                interception: program.interception,
                policy: program.policy,
                variables: [:],
                machine: MachineLimits()
            )
        } catch {
            state.withLock { $0.life = nil }
            throw error
        }
        let process = place.scheduler.asNode(number) {
            Task { await self.live(life, assembly) }
        }
        state.withLock { $0.life?.process = process }
        return true
    }

    /// The whole life of a process.
    private func live(_ life: UInt64, _ assembly: Assembly) async {
        var logger = Logger(label: name) { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        do {
            try Task.checkCancellation()
            try await assembly.withEffects(logger: logger, executors: .simulated, volume: disk.mount()) {
                effects,
                context in
                began(life, effects)
                try await program.run(effects, context)
                try await untilStopped(effects.time)
            }
            ended(life, nil)
        } catch {
            if Task.isCancelled { return ended(life, nil) }
            ended(life, error)
            superviseRestart(after: life)
        }
    }

    /// Keeps the handlers open for the node's visitors after an application that does nothing of its own.
    private func untilStopped(_ time: any TimeEffects) async throws {
        while !Task.isCancelled { try await time.sleep(for: .seconds(86_400 * 365)) }
    }

    private func began(_ life: UInt64, _ effects: EffectSystem) {
        state.withLock { state in
            if state.lifeCount == life { state.life?.effects = effects }
        }
    }

    private func ended(_ life: UInt64, _ error: (any Error)?) {
        let waiting = state.withLock { state -> [@Sendable (NodeFailure) -> Void] in
            guard state.lifeCount == life else { return [] }
            state.life = nil
            state.lastExit = error
            return state.takeWaiting()
        }
        for fail in waiting { fail(NodeFailure(name, .ended(error.map { "\($0)" }))) }
    }

    /// Starts the process again after its program's delay, unless somebody else has.
    private func superviseRestart(after life: UInt64) {
        guard let delay = program.restartDelay else { return }
        place.scheduler.asNode(0) {
            _ = Task {
                try await place.time.sleep(for: delay)
                guard state.withLock({ $0.lifeCount == life && !$0.isDown }) else { return }
                _ = try begin()
            }
        }
    }

    /// Ends the process at once, as the loss of power does: nothing of it goes on, and what was not synced is lost.
    public func crash() {
        end(.crashed) { disk.crash() }
    }

    /// Ends the process at once, as `kill -9` does: what was written stays.
    public func kill() {
        end(.killed) { disk.endProcesses() }
    }

    private func end(_ reason: NodeFailure.Reason, _ loss: () -> Void) {
        let (number, waiting) = state.withLock { state -> (NodeNumber?, [@Sendable (NodeFailure) -> Void]) in
            let number = state.life?.number
            state.life = nil
            state.isDown = true
            return (number, state.takeWaiting())
        }
        guard let number else { return }
        place.scheduler.crash(number)
        place.network.crash(peer)
        loss()
        for fail in waiting { fail(NodeFailure(name, reason)) }
    }

    /// Asks the process to end and waits until it has.
    public func stop() async {
        let process = state.withLock { $0.life?.process }
        process?.cancel()
        await process?.value
    }

    /// Lets nothing of the process run until ``resume()``, as a machine that swaps or a suspended one.
    public func pause() {
        guard let number = state.withLock({ $0.life?.number }) else { return }
        place.scheduler.pause(number)
    }

    /// Lets a paused process run on.
    public func resume() {
        guard let number = state.withLock({ $0.life?.number }) else { return }
        place.scheduler.resume(number)
    }

    // MARK: Visitors

    /// Does something in the node's process, with its effects.
    ///
    /// - Parameter body: What to do, once the process has its handlers.
    /// - Returns: What it returns.
    /// - Throws: What it throws; ``NodeFailure`` where the process does not run, ends or crashes before it has returned. Whether
    ///   what it began took effect is not known then.
    public func perform<Result: Sendable>(
        _ body: @escaping @Sendable (EffectSystem) async throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { (waiting: CheckedContinuation<Result, any Error>) in
            let entry = state.withLock { state -> (NodeNumber, UInt64)? in
                guard let number = state.life?.number else { return nil }
                state.nextWaiting += 1
                state.waiting[state.nextWaiting] = { waiting.resume(throwing: $0) }
                return (number, state.nextWaiting)
            }
            guard let (number, ticket) = entry else {
                return waiting.resume(throwing: NodeFailure(name, .notRunning))
            }
            place.scheduler.asNode(number) {
                _ = Task {
                    let result = await self.visit(number, body)
                    // A crash may have answered already.
                    let isWaiting = self.state.withLock { $0.waiting.removeValue(forKey: ticket) != nil }
                    if isWaiting { waiting.resume(with: result) }
                }
            }
        }
    }

    /// Runs `body` in a process once that has its handlers; not in one that was started after it.
    private func visit<Value: Sendable>(
        _ number: NodeNumber,
        _ body: @Sendable (EffectSystem) async throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            while let life = state.withLock({ $0.life }), life.number == number {
                if let effects = life.effects { return .success(try await body(effects)) }
                try await place.time.sleep(for: .milliseconds(1))
            }
            return .failure(NodeFailure(name, .ended(nil)))
        } catch {
            return .failure(error)
        }
    }
}

/// Why something could not be done on a node.
public struct NodeFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What became of the process.
    public enum Reason: Sendable, Hashable {
        /// It had not been started, or had ended before.
        case notRunning
        /// It ended by itself, perhaps with an error.
        case ended(String?)
        /// Its machine lost power.
        case crashed
        /// It was killed.
        case killed
    }

    /// The node's name.
    public var node: String
    /// What became of its process.
    public var reason: Reason

    init(_ node: String, _ reason: Reason) {
        self.node = node
        self.reason = reason
    }

    /// Which node, and what became of it.
    public var description: String {
        switch reason {
        case .notRunning: "The node '\(node)' does not run: start it first."
        case .ended(nil): "The node '\(node)' ended before it had answered."
        case .ended(let error?): "The node '\(node)' ended before it had answered: \(error)"
        case .crashed: "The node '\(node)' crashed before it had answered."
        case .killed: "The node '\(node)' was killed before it had answered."
        }
    }
}
#endif
