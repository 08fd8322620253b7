package import AuraEffects
internal import Synchronization

/// A call that waits for its turn in a group.
package protocol GroupedCall: Sendable {
    /// The operation that errors name.
    var operation: String { get }
    /// About how much the call writes.
    var byteCount: Int { get }
}

/// The calls that wait for a writer, which takes them in groups: bounded, first come first served.
package final class GroupQueue<Call: GroupedCall, Value: Sendable>: Sendable {
    package typealias Answer = Result<Value, EffectError>

    private struct Request {
        var number: UInt64
        var call: Call
        var continuation: CheckedContinuation<Answer, Never>
    }

    private struct State {
        var waiting: [Request] = []
        var underWay: [Request] = []
        var waitingBytes = 0
        var nextNumber: UInt64 = 0
        var isFinished = false
        var worker: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let countLimit: Int
    private let byteLimit: Int
    private let errors: HandlerErrors

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - countLimit: The most calls that wait.
    ///   - byteLimit: The most bytes of the calls that wait; a single call may have more.
    ///   - errors: Makes the errors of calls that are refused.
    package init(countLimit: Int, byteLimit: Int, errors: HandlerErrors) {
        self.countLimit = countLimit
        self.byteLimit = byteLimit
        self.errors = errors
    }

    // MARK: For callers

    /// Refuses a call where the queue is full, before any work is spent on it.
    package func checkRoom(for operation: String) throws(EffectError) {
        if state.withLock({ $0.waiting.count >= countLimit }) { throw tooMany(operation) }
    }

    private func tooMany(_ operation: String) -> EffectError {
        errors.error(
            .resourceExhausted,
            in: operation,
            "\(countLimit) calls or their bytes wait already; try again later."
        )
    }

    /// Queues a call and waits for its answer; withdraws it when the task is cancelled while it is queued.
    package func submit(_ call: Call) async throws(EffectError) -> Value {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(Request(number: number, call: call, continuation: continuation))
            }
        } onCancel: {
            withdraw(number)
        }
        return try answer.get()
    }

    private func enqueue(_ request: Request) {
        let operation = request.call.operation
        let (refusal, worker): (EffectError?, CheckedContinuation<Void, Never>?) = state.withLock { state in
            // A cancellation before this point finds nothing to withdraw, so it is looked at here, inside the lock.
            if Task.isCancelled { return (errors.cancelled(in: operation), nil) }
            if state.isFinished { return (errors.stopped(in: operation), nil) }
            let isTooMuch =
                state.waiting.count >= countLimit
                || (!state.waiting.isEmpty && state.waitingBytes + request.call.byteCount > byteLimit)
            if isTooMuch {
                return (tooMany(operation), nil)
            }
            state.waiting.append(request)
            state.waitingBytes += request.call.byteCount
            defer { state.worker = nil }
            return (nil, state.worker)
        }
        if let refusal { request.continuation.resume(returning: .failure(refusal)) }
        worker?.resume()
    }

    private func withdraw(_ number: UInt64) {
        let request: Request? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
            let request = state.waiting.remove(at: index)
            state.waitingBytes -= request.call.byteCount
            return request
        }
        if let request {
            request.continuation.resume(returning: .failure(errors.cancelled(in: request.call.operation)))
        }
    }

    // MARK: For the writer

    /// Suspends until a call waits; `false` once finished and empty.
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

    /// Suspends until a call waits or the queue is finished; the call may be withdrawn again by then.
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

    /// Adds the first calls to the group that is under way, as far as it has no more than so many bytes; an empty group
    /// gets at least one.
    ///
    /// They can no longer be withdrawn, and wait for ``settle(_:)`` or ``fail(_:)``.
    ///
    /// - Returns: The calls that joined the group.
    package func joinGroup(byteLimit: Int) -> [Call] {
        state.withLock { state in
            var bytes = state.underWay.reduce(0) { $0 + $1.call.byteCount }
            let joining = state.waiting.prefix { request in
                defer { bytes += request.call.byteCount }
                return bytes + request.call.byteCount <= byteLimit || bytes == 0
            }
            state.underWay += joining
            state.waiting.removeFirst(joining.count)
            state.waitingBytes -= joining.reduce(0) { $0 + $1.call.byteCount }
            return joining.map(\.call)
        }
    }

    /// Answers the group that is under way.
    package func settle(_ answers: [Answer]) {
        for (request, answer) in zip(takeUnderWay(), answers) {
            request.continuation.resume(returning: answer)
        }
    }

    /// Answers the group that is under way, or where there is none every call that waits, with one error.
    package func fail(_ error: EffectError) {
        var requests = takeUnderWay()
        if requests.isEmpty {
            requests = state.withLock { state in
                defer {
                    state.waiting.removeAll()
                    state.waitingBytes = 0
                }
                return state.waiting
            }
        }
        for request in requests { request.continuation.resume(returning: .failure(error)) }
    }

    private func takeUnderWay() -> [Request] {
        state.withLock { state in
            defer { state.underWay.removeAll() }
            return state.underWay
        }
    }

    /// Refuses new calls; those that wait are still written.
    package func finish() {
        let worker = state.withLock { state in
            state.isFinished = true
            defer { state.worker = nil }
            return state.worker
        }
        worker?.resume()
    }
}
