internal import AuraEffects

/// One attempt of a call in a task of its own, so that whoever waits for it can leave it behind.
struct Attempt: Sendable {
    /// How an attempt ended for the one who waits.
    enum Ending: Sendable {
        case answered(EffectAnswer)
        case failed(EffectError)
        /// It was given no more time: it is cancelled, and nobody listens to it any more.
        case timeIsUp
        /// The timer was stopped: the same.
        case stopped
    }

    private let settlement: Settlement<Ending>
    private let task: Task<Void, Never>

    /// Begins an attempt, on the calling thread where the system can do that.
    ///
    /// - Parameters:
    ///   - limit: When it has to be over, for the calls that it makes itself.
    ///   - next: The rest of the chain.
    @inline(__always)
    init(until limit: MonotonicInstant, _ next: EffectContinuation) async {
        let settlement = Settlement<Ending>()
        // A task of its own does not see that the calling one was cancelled.
        let isCancelled = Task.isCancelled
        @Sendable func body() async {
            if isCancelled { unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() } }
            do throws(EffectError) {
                settlement.settle(.answered(try await next()))
            } catch {
                settlement.settle(.failed(error))
            }
        }
        self.settlement = settlement
        task = EffectDeadline.$current.withValue(limit) {
            if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
                Task.immediate { await body() }
            } else {
                Task { await body() }
            }
        }
    }

    /// How it ended, where it has.
    @inline(__always)
    var ending: Ending? { settlement.value }

    /// Waits until it ends or its time is up; the caller's cancellation reaches it.
    ///
    /// A cancelled attempt is still waited for: only the handler knows whether it withdrew.
    func wait(until limit: MonotonicInstant, _ timer: PolicyTimer) async -> Ending {
        let entry = timer.schedule(at: limit) { [settlement] cause in settlement.settle(Ending(cause)) }
        let ending = await withTaskCancellationHandler {
            await settlement.wait()
        } onCancel: {
            task.cancel()
        }
        timer.cancel(entry)
        switch ending {
        case .timeIsUp, .stopped: task.cancel()
        case .answered, .failed: break
        }
        return ending
    }
}

extension Attempt.Ending {
    init(_ cause: PolicyTimer.Cause) {
        self =
            switch cause {
            case .timeIsUp: .timeIsUp
            case .stopped: .stopped
            }
    }
}
