internal import AuraEffects
internal import Synchronization

/// One attempt of a call in a task of its own, so that whoever waits for it can leave it behind.
// Safe to send: each variable is written by one task before it moves `phase`, and read by others after they have seen that.
final class Attempt: @unchecked Sendable {
    private enum Phase: UInt8, AtomicRepresentable {
        case running
        /// The caller waits, and `waiter` is set.
        case awaited
        /// `answer` is set.
        case answered
        /// `failure` is set.
        case failed
        /// It was given no more time: it is cancelled, and nobody listens to it any more.
        case timeIsUp
        /// The timer was stopped: the same.
        case stopped
    }

    private let next: EffectContinuation
    private let phase = Atomic(Phase.running)
    private var answer: EffectAnswer?
    private var failure: EffectError?
    private var waiter: CheckedContinuation<Void, Never>?

    init(_ next: EffectContinuation) {
        self.next = next
    }

    /// Begins the attempt, on the calling thread where the system can do that.
    ///
    /// - Parameters:
    ///   - limit: When it has to be over, for the calls that it makes itself.
    ///   - isolation: Where the caller runs: the attempt runs there too, as the call would without a task.
    @inline(__always)
    func start(until limit: MonotonicInstant, isolation: isolated (any Actor)? = #isolation) -> Task<Void, Never> {
        // A task of its own does not see that the calling one was cancelled.
        let isCancelled = Task.isCancelled
        return EffectDeadline.$moment.withValue(limit) {
            if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
                Task.immediate { await self.run(isCancelled) }
            } else {
                Task { await self.run(isCancelled) }
            }
        }
    }

    @inline(__always)
    private func run(_ isCancelled: Bool) async {
        if isCancelled { unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() } }
        do throws(EffectError) {
            answer = try await next()
            settle(.answered)
        } catch {
            failure = error
            settle(.failed)
        }
    }

    /// Whether it has ended already.
    @inline(__always)
    var isOver: Bool { phase.load(ordering: .acquiring) != .running }

    /// Waits until it ends or its time is up; the caller's cancellation reaches it.
    ///
    /// A cancelled attempt is still waited for: only the handler knows whether it withdrew.
    func wait(for task: Task<Void, Never>, until limit: MonotonicInstant, _ timer: PolicyTimer) async {
        let entry = timer.schedule(at: limit) { cause in
            switch cause {
            case .timeIsUp: self.settle(.timeIsUp)
            case .stopped: self.settle(.stopped)
            }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiter = continuation
                let isWaiting = phase.compareExchange(
                    expected: .running,
                    desired: .awaited,
                    ordering: .acquiringAndReleasing
                )
                .exchanged
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            task.cancel()
        }
        timer.cancel(entry)
        switch phase.load(ordering: .acquiring) {
        case .timeIsUp, .stopped: task.cancel()
        default: break
        }
    }

    @inline(__always)
    private func settle(_ end: Phase) {
        let (isFirst, seen) = phase.compareExchange(
            expected: .running,
            desired: end,
            ordering: .acquiringAndReleasing
        )
        guard !isFirst, seen == .awaited else { return }
        let ends = phase.compareExchange(expected: .awaited, desired: end, ordering: .acquiringAndReleasing).exchanged
        if ends { waiter?.resume() }
    }
}

extension Attempt {
    /// The answer of an attempt that is over; `nil` where it failed.
    @inline(__always)
    var result: EffectAnswer? {
        phase.load(ordering: .acquiring) == .answered ? answer : nil
    }

    /// The error of an attempt that is over and has no answer.
    ///
    /// - Parameters:
    ///   - policy: The policy that the attempt was made under.
    ///   - limit: When it had to be over.
    ///   - deadline: When the call has to be over.
    func error(_ policy: OperationPolicy, _ limit: MonotonicInstant, _ deadline: MonotonicInstant) -> EffectError {
        switch phase.load(ordering: .acquiring) {
        case .stopped: OperationPolicy.stopped
        case .failed: failure ?? policy.noAnswer(by: limit, deadline)
        default: policy.noAnswer(by: limit, deadline)
        }
    }
}
