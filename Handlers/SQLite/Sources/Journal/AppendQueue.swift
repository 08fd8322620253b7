#if SQLite
internal import AuraEffects
internal import Synchronization

/// The appends that wait for the writer: bounded, first come first served.
final class AppendQueue: Sendable {
    typealias Answer = Result<[AppendReceipt], EffectError>

    private struct Request {
        var number: UInt64
        var append: PreparedAppend
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
    private let place: SQLitePlace

    init(countLimit: Int, byteLimit: Int, place: SQLitePlace) {
        self.countLimit = countLimit
        self.byteLimit = byteLimit
        self.place = place
    }

    // MARK: For callers

    /// Refuses an append where the queue is full, before any work is spent on it.
    func checkRoom() throws(EffectError) {
        if state.withLock({ $0.waiting.count >= countLimit }) { throw tooMany }
    }

    private var tooMany: EffectError {
        place.error(.resourceExhausted, "\(countLimit) appends or their bytes wait already; try again later.")
    }

    /// Queues an append and waits for its answer; withdraws it when the task is cancelled while it is queued.
    func submit(_ append: PreparedAppend) async throws(EffectError) -> [AppendReceipt] {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue(Request(number: number, append: append, continuation: continuation))
            }
        } onCancel: {
            withdraw(number)
        }
        return try answer.get()
    }

    private func enqueue(_ request: Request) {
        let (refusal, worker): (EffectError?, CheckedContinuation<Void, Never>?) = state.withLock { state in
            // A cancellation before this point finds nothing to withdraw, so it is looked at here, inside the lock.
            if Task.isCancelled { return (cancelled, nil) }
            if state.isFinished {
                return (place.error(.unavailable, "The journal was stopped.", isRetryable: false), nil)
            }
            let isTooMuch =
                state.waiting.count >= countLimit
                || (!state.waiting.isEmpty && state.waitingBytes + request.append.byteCount > byteLimit)
            if isTooMuch {
                return (tooMany, nil)
            }
            state.waiting.append(request)
            state.waitingBytes += request.append.byteCount
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
            state.waitingBytes -= request.append.byteCount
            return request
        }
        request?.continuation.resume(returning: .failure(cancelled))
    }

    private var cancelled: EffectError {
        place.error(.cancelled, "The append was withdrawn before it was written.")
    }

    // MARK: For the writer

    /// Suspends until an append waits; `false` once finished and empty.
    func hasWork() async -> Bool {
        while true {
            let answer: Bool? = state.withLock { state in
                if !state.waiting.isEmpty { return true }
                return state.isFinished ? false : nil
            }
            if let answer { return answer }
            await changed()
        }
    }

    /// Suspends until an append waits or the queue is finished; the append may be withdrawn again by then.
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

    /// Adds the first appends to the group that is under way, as far as it has no more than so many bytes; an empty group
    /// gets at least one.
    ///
    /// They can no longer be withdrawn, and wait for ``settle(_:)`` or ``fail(_:)``.
    ///
    /// - Returns: The appends that joined the group.
    func joinGroup(byteLimit: Int) -> [PreparedAppend] {
        state.withLock { state in
            var bytes = state.underWay.reduce(0) { $0 + $1.append.byteCount }
            let joining = state.waiting.prefix { request in
                defer { bytes += request.append.byteCount }
                return bytes + request.append.byteCount <= byteLimit || bytes == 0
            }
            state.underWay += joining
            state.waiting.removeFirst(joining.count)
            state.waitingBytes -= joining.reduce(0) { $0 + $1.append.byteCount }
            return joining.map(\.append)
        }
    }

    /// Answers the group that is under way.
    func settle(_ answers: [Answer]) {
        for (request, answer) in zip(takeUnderWay(), answers) {
            request.continuation.resume(returning: answer)
        }
    }

    /// Answers the group that is under way, or where there is none every append that waits, with one error.
    func fail(_ error: EffectError) {
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

    /// Refuses new appends; those that wait are still written.
    func finish() {
        let worker = state.withLock { state in
            state.isFinished = true
            defer { state.worker = nil }
            return state.worker
        }
        worker?.resume()
    }
}
#endif
