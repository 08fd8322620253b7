package import AuraEffects
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What waits for a worker to be done in a group.
package protocol QueuedWork: Sendable {
    /// What its caller gets.
    associatedtype Answer: Sendable

    /// The operation's name, for errors.
    var operation: String { get }
    /// How much of a group's size it takes; of a write, about what it writes.
    var byteCount: Int { get }
}

/// The calls that wait for one worker, which takes them in groups: bounded, first come first served.
package final class WorkQueue<Work: QueuedWork>: Sendable {
    package typealias Answer = Result<Work.Answer, EffectError>

    // A class: handlers' modules use the queue unspecialized, where moving a generic structure costs more than an allocation.
    private final class Request: Sendable {
        let number: UInt64
        let work: Work
        let continuation: CheckedContinuation<Answer, Never>

        init(number: UInt64, work: Work, continuation: CheckedContinuation<Answer, Never>) {
            self.number = number
            self.work = work
            self.continuation = continuation
        }
    }

    private struct State {
        var waiting: [Request] = []
        var underWay: [Request] = []
        /// The numbers of those under way whose tasks were cancelled meanwhile.
        var cancelled: Set<UInt64> = []
        var waitingBytes = 0
        var nextNumber: UInt64 = 0
        var isFinished = false
        var worker: CheckedContinuation<Void, Never>?
        var alarm: Alarm?

        var isAlarming: Bool {
            guard let alarm else { return false }
            return waiting.count >= alarm.count || waitingBytes >= alarm.byteCount
        }
    }

    private struct Alarm {
        var count: Int
        var byteCount: Int
        var ring: @Sendable () -> Void
    }

    private let state = Mutex(State())
    private let countLimit: Int
    private let byteLimit: Int
    private let noun: String
    private let errors: HandlerErrors
    private let metrics: QueueMetrics

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - noun: What waits, as messages call it, such as `append`.
    ///   - countLimit: The most that waits.
    ///   - byteLimit: The most bytes that wait, where more than one does.
    ///   - errors: Makes the errors of what is refused.
    ///   - metrics: Where the queue reports how much waits and how large its groups are.
    package init(
        of noun: String,
        countLimit: Int,
        byteLimit: Int,
        errors: HandlerErrors,
        metrics: QueueMetrics = .none
    ) {
        self.noun = noun
        self.countLimit = countLimit
        self.byteLimit = byteLimit
        self.errors = errors
        self.metrics = metrics
    }

    // MARK: For callers

    /// Refuses a caller where the queue is full, before any work is spent on it.
    package func checkRoom(for operation: String) throws(EffectError) {
        if state.withLock({ $0.waiting.count >= countLimit }) { throw tooMany(operation) }
    }

    private func tooMany(_ operation: String) -> EffectError {
        errors.error(
            .resourceExhausted,
            in: operation,
            "\(countLimit) \(noun)s or their bytes wait already; try again later."
        )
    }

    /// Queues work and waits for its answer; withdraws it when the task is cancelled while it is queued.
    package func submit(_ work: Work) async throws(EffectError) -> Work.Answer {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(Request(number: number, work: work, continuation: continuation))
            }
        } onCancel: {
            withdraw(number)
        }
        return try answer.get()
    }

    private func enqueue(_ request: Request) {
        let operation = request.work.operation
        var worker: CheckedContinuation<Void, Never>?
        var alarm: Alarm?
        let refusal: EffectError? = state.withLock { state in
            // A cancellation before this point finds nothing to withdraw, so it is looked at here, inside the lock.
            if Task.isCancelled { return errors.cancelled(in: operation) }
            if state.isFinished { return errors.stopped(in: operation) }
            let isTooMuch =
                state.waiting.count >= countLimit
                || (!state.waiting.isEmpty && state.waitingBytes + request.work.byteCount > byteLimit)
            if isTooMuch { return tooMany(operation) }
            state.waiting.append(request)
            state.waitingBytes += request.work.byteCount
            metrics.waiting(state.waiting.count)
            swap(&worker, &state.worker)
            if state.isAlarming { swap(&alarm, &state.alarm) }
            return nil
        }
        if let refusal { request.continuation.resume(returning: .failure(refusal)) }
        worker?.resume()
        alarm?.ring()
    }

    private func withdraw(_ number: UInt64) {
        let request: Request? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else {
                if state.underWay.contains(where: { $0.number == number }) { state.cancelled.insert(number) }
                return nil
            }
            let request = state.waiting.remove(at: index)
            state.waitingBytes -= request.work.byteCount
            metrics.waiting(state.waiting.count)
            return request
        }
        if let request {
            request.continuation.resume(returning: .failure(errors.cancelled(in: request.work.operation)))
        }
    }

    // MARK: For the worker

    /// Suspends until work waits; `false` once finished and empty.
    package func hasWork() async -> Bool {
        while true {
            let answer: Bool? = state.withLock { state in
                if !state.waiting.isEmpty { return true }
                return state.isFinished ? false : nil
            }
            if let answer { return answer }
            await changed()
        }
    }

    /// Suspends until work waits or the queue is finished; it may be withdrawn again by then.
    private func changed() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if !state.waiting.isEmpty || state.isFinished { return true }
                state.worker = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Has a worker that blocks its own thread told once so much waits.
    ///
    /// - Parameters:
    ///   - count: How many calls are worth telling of; at least one.
    ///   - byteCount: How many bytes are, in whatever number of calls.
    ///   - ring: Called once, by the caller whose work makes it so much; an alarm that is set later replaces this one.
    /// - Returns: Whether it was set: not where so much waits already.
    package func setAlarm(count: Int, byteCount: Int, _ ring: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            state.alarm = Alarm(count: max(1, count), byteCount: max(1, byteCount), ring: ring)
            guard state.isAlarming else { return true }
            state.alarm = nil
            return false
        }
    }

    /// Whether work waits or comes within some microseconds, for a worker that blocks its own thread anyway.
    ///
    /// A caller that goes on at once is back within that time, and its work is taken up without waking a thread, which costs
    /// as much as a small commit.
    package func waitsSoon() -> Bool {
        for look in 0...Self.looksBeforeRest {
            if state.withLock({ !$0.waiting.isEmpty }) { return true }
            if look < Self.looksBeforeRest { sched_yield() }
        }
        return false
    }

    private static var looksBeforeRest: Int { 200 }

    /// Adds the first work to the group that is under way, as far as it has no more than so many bytes; an empty group
    /// gets at least one.
    ///
    /// They can no longer be withdrawn, and wait for ``settle(_:)`` or ``fail(_:)``.
    ///
    /// - Returns: The work that joined the group.
    package func joinGroup(byteLimit: Int) -> [Work] {
        state.withLock { state in
            var bytes = state.underWay.reduce(0) { $0 + $1.work.byteCount }
            let joining = state.waiting.prefix { request in
                defer { bytes += request.work.byteCount }
                return bytes + request.work.byteCount <= byteLimit || bytes == 0
            }
            state.underWay += joining
            state.waiting.removeFirst(joining.count)
            state.waitingBytes -= joining.reduce(0) { $0 + $1.work.byteCount }
            metrics.waiting(state.waiting.count)
            return joining.map { $0.work }
        }
    }

    /// Takes the first work as another group beside those that are under way, as far as it has no more than so many bytes;
    /// at least one where any waits.
    ///
    /// - Returns: The work of the group.
    package func takeGroup(byteLimit: Int) -> [Work] {
        state.withLock { state in
            var bytes = 0
            let taken = state.waiting.prefix { request in
                defer { bytes += request.work.byteCount }
                return bytes + request.work.byteCount <= byteLimit || bytes == 0
            }
            state.underWay += taken
            state.waiting.removeFirst(taken.count)
            state.waitingBytes -= taken.reduce(0) { $0 + $1.work.byteCount }
            metrics.waiting(state.waiting.count)
            return taken.map { $0.work }
        }
    }

    /// How much waits.
    package var load: (count: Int, byteCount: Int) {
        state.withLock { ($0.waiting.count, $0.waitingBytes) }
    }

    /// Puts the last work that is under way back where it was: it waits again and can be withdrawn.
    ///
    /// - Parameter count: How many; by default all.
    package func putBack(last count: Int = .max) {
        let withdrawn = state.withLock { state in
            let returned = state.underWay.suffix(count)
            state.underWay.removeLast(returned.count)
            let withdrawn = returned.filter { state.cancelled.remove($0.number) != nil }
            let waiting =
                withdrawn.isEmpty
                ? Array(returned)
                : returned.filter { request in
                    !withdrawn.contains { $0 === request }
                }
            state.waiting.insert(contentsOf: waiting, at: 0)
            state.waitingBytes += waiting.reduce(0) { $0 + $1.work.byteCount }
            metrics.waiting(state.waiting.count)
            return withdrawn
        }
        for request in withdrawn {
            request.continuation.resume(returning: .failure(errors.cancelled(in: request.work.operation)))
        }
    }

    /// Answers the first of the group that is under way, as many as there are answers.
    package func settle(_ answers: [Answer]) {
        let requests = state.withLock { state in
            defer { state.underWay.removeFirst(answers.count) }
            let settled = state.underWay.prefix(answers.count)
            if !state.cancelled.isEmpty { state.cancelled.subtract(settled.map { $0.number }) }
            return settled
        }
        metrics.grouped(answers.count)
        for (request, answer) in zip(requests, answers) { request.continuation.resume(returning: answer) }
    }

    /// Answers the group that is under way, or where there is none all work that waits, with one error.
    package func fail(_ error: EffectError) {
        let requests = state.withLock { state in
            if !state.underWay.isEmpty {
                defer { state.underWay.removeAll() }
                state.cancelled.removeAll()
                return state.underWay
            }
            defer {
                state.waiting.removeAll()
                state.waitingBytes = 0
                metrics.waiting(0)
            }
            return state.waiting
        }
        for request in requests { request.continuation.resume(returning: .failure(error)) }
    }

    /// Refuses new work; what waits is still done.
    package func finish() {
        let worker = state.withLock { state in
            state.isFinished = true
            defer { state.worker = nil }
            return state.worker
        }
        worker?.resume()
    }
}
