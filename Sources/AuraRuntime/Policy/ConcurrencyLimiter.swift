internal import AuraEffects
internal import Synchronization

/// Lets so many calls through at once, and the others in the order of their arrival.
final class ConcurrencyLimiter: Sendable {
    /// How a wait for a permit ended.
    enum Ending: Sendable {
        case granted
        case timeIsUp
        case stopped
        case cancelled
    }

    private typealias Waiter = Settlement<Ending>

    /// Where a call finds itself that asked for a permit.
    private enum Place {
        case through
        case full
        case queued(number: UInt64, depth: Int)
    }

    private struct State {
        var free: Int
        /// Waiters by their numbers, which increase with their arrival; who gave up is missing.
        var waiters: [UInt64: Waiter] = [:]
        var firstNumber: UInt64 = 0
        var nextNumber: UInt64 = 0

        mutating func removeFirst() -> Waiter? {
            while firstNumber < nextNumber {
                defer { firstNumber += 1 }
                if let waiter = waiters.removeValue(forKey: firstNumber) { return waiter }
            }
            return nil
        }
    }

    private let limit: ConcurrencyLimit
    private let name: String
    private let target: EffectTarget
    private let observer: (any PolicyObserver)?
    private let state: Mutex<State>

    init(_ limit: ConcurrencyLimit, name: String, of target: EffectTarget, _ observer: (any PolicyObserver)?) {
        self.limit = limit
        self.name = name
        self.target = target
        self.observer = observer
        state = Mutex(State(free: limit.limit))
    }

    /// How many calls are under way, and how many wait.
    var load: (underWay: Int, waiting: Int) {
        state.withLock { (limit.limit - $0.free, $0.waiters.count) }
    }

    /// The error of a call that found the queue full.
    var queueIsFull: EffectError {
        EffectError(
            .resourceExhausted,
            "\(limit.limit) calls of '\(name)' are under way and \(limit.queue) wait: try later, or raise the limit."
        )
    }

    /// Takes a permit where one is free: nobody waits then.
    @inline(__always)
    func tryAcquire() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    /// Waits for a permit.
    ///
    /// - Parameters:
    ///   - deadline: Until when.
    ///   - timer: What ends the wait.
    /// - Returns: How the wait ended; `nil` where the queue is full. With `granted` the caller has a permit to give back.
    func acquire(until deadline: MonotonicInstant, _ timer: PolicyTimer) async -> Ending? {
        let waiter = Waiter()
        let place = state.withLock { state -> Place in
            if state.free > 0 {
                state.free -= 1
                return .through
            }
            guard state.waiters.count < limit.queue else { return .full }
            defer { state.nextNumber += 1 }
            state.waiters[state.nextNumber] = waiter
            return .queued(number: state.nextNumber, depth: state.waiters.count)
        }
        let (number, depth): (UInt64, Int)
        switch place {
        case .through: return .granted
        case .full: return nil
        case .queued(let ownNumber, let newDepth): (number, depth) = (ownNumber, newDepth)
        }
        observer?.queueChanged(of: target, name: name, depth: depth)
        let entry = deadline < .distantFuture ? timer.schedule(at: deadline) { waiter.settle(Ending($0)) } : nil
        let ending = await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            waiter.settle(.cancelled)
        }
        if let entry { timer.cancel(entry) }
        if case .granted = ending { return ending }
        let rest = state.withLock { state in
            state.waiters[number] = nil
            return state.waiters.count
        }
        observer?.queueChanged(of: target, name: name, depth: rest)
        return ending
    }

    /// Gives a permit back, or on to the first who waits.
    @inline(__always)
    func release() {
        let isFree = state.withLock { state in
            guard state.waiters.isEmpty else { return false }
            state.free += 1
            return true
        }
        if !isFree { handOver() }
    }

    private func handOver() {
        while true {
            let (waiter, depth) = state.withLock { state -> (Waiter?, Int) in
                let waiter = state.removeFirst()
                if waiter == nil { state.free += 1 }
                return (waiter, state.waiters.count)
            }
            guard let waiter else { return }
            observer?.queueChanged(of: target, name: name, depth: depth)
            // Who gave up in this moment takes no permit: it goes to the next.
            if waiter.settle(.granted) { return }
        }
    }
}

extension ConcurrencyLimiter.Ending {
    init(_ cause: PolicyTimer.Cause) {
        self =
            switch cause {
            case .timeIsUp: .timeIsUp
            case .stopped: .stopped
            }
    }
}
