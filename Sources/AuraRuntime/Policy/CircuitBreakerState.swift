internal import AuraEffects

/// A circuit breaker without clock, lock or observers: it is told the time, and answers what to do.
struct CircuitBreakerState {
    /// What becomes of a call.
    enum Decision: Equatable {
        case admitted(Admission)
        /// The call fails; after so long the breaker may let one through.
        case refused(retryAfter: Duration)
    }

    /// What a call that was let through brings back with its end.
    struct Admission: Equatable {
        fileprivate var generation: UInt32
        var isProbe: Bool
    }

    /// What a call's end says about the handler.
    enum Verdict {
        case healthy
        case failing
        /// Nothing: the caller gave up.
        case unknown
    }

    /// A step from one phase to another.
    struct Change: Equatable {
        var from: CircuitBreakerPhase
        var to: CircuitBreakerPhase
    }

    private let policy: CircuitBreakerPolicy
    private let openNanoseconds: Int64
    private var window: CallWindow
    private(set) var phase = CircuitBreakerPhase.closed
    private var opened = MonotonicInstant(nanoseconds: 0)
    /// Counts the changes: the end of a call that was let through before the last one says nothing about now.
    private var generation: UInt32 = 0
    private var isProbing = false

    init(_ policy: CircuitBreakerPolicy) {
        self.policy = policy
        openNanoseconds = policy.openFor.nanoseconds
        window = CallWindow(policy.window)
    }

    /// A call wants to go through.
    mutating func admit(at now: MonotonicInstant) -> (decision: Decision, change: Change?) {
        switch phase {
        case .closed:
            return (.admitted(Admission(generation: generation, isProbe: false)), nil)
        case .open:
            let rest = openNanoseconds - (now.nanoseconds - opened.nanoseconds)
            guard rest <= 0 else { return (.refused(retryAfter: .nanoseconds(rest)), nil) }
            let change = move(to: .halfOpen)
            isProbing = true
            return (.admitted(Admission(generation: generation, isProbe: true)), change)
        case .halfOpen:
            // The probe may take as long as the breaker would have been open: nobody knows better.
            guard !isProbing else { return (.refused(retryAfter: policy.openFor), nil) }
            isProbing = true
            return (.admitted(Admission(generation: generation, isProbe: true)), nil)
        }
    }

    /// A call that was let through has ended.
    mutating func record(_ verdict: Verdict, of admission: Admission, at now: MonotonicInstant) -> Change? {
        guard admission.generation == generation else { return nil }
        if admission.isProbe {
            isProbing = false
            switch verdict {
            case .healthy: return move(to: .closed)
            case .failing: return open(at: now)
            case .unknown: return nil
            }
        }
        switch verdict {
        case .healthy:
            window.add(isFailure: false, at: now)
            return nil
        case .failing:
            window.add(isFailure: true, at: now)
            let (calls, failures) = window.counts(at: now)
            let isTooMuch = calls >= policy.minimumCalls && Double(failures) >= policy.failureRate * Double(calls)
            return isTooMuch ? open(at: now) : nil
        case .unknown:
            return nil
        }
    }

    private mutating func open(at now: MonotonicInstant) -> Change {
        opened = now
        return move(to: .open)
    }

    private mutating func move(to next: CircuitBreakerPhase) -> Change {
        let change = Change(from: phase, to: next)
        phase = next
        generation &+= 1
        window.clear()
        return change
    }
}

/// Counts of the calls within a sliding window, a tenth of it at a time.
struct CallWindow {
    private struct Slice {
        /// Which tenth since the clock's zero.
        var number: Int64 = .min
        var calls = 0
        var failures = 0
    }

    private static let sliceCount: Int64 = 10

    private let sliceNanoseconds: Int64
    private var slices: [Slice]

    init(_ length: Duration) {
        sliceNanoseconds = max(1, length.nanoseconds / Self.sliceCount)
        slices = Array(repeating: Slice(), count: Int(Self.sliceCount))
    }

    mutating func add(isFailure: Bool, at now: MonotonicInstant) {
        let number = now.nanoseconds / sliceNanoseconds
        let index = Int(abs(number % Self.sliceCount))
        if slices[index].number != number { slices[index] = Slice(number: number) }
        slices[index].calls += 1
        if isFailure { slices[index].failures += 1 }
    }

    func counts(at now: MonotonicInstant) -> (calls: Int, failures: Int) {
        let first = now.nanoseconds / sliceNanoseconds - Self.sliceCount + 1
        var (calls, failures) = (0, 0)
        for slice in slices where slice.number >= first {
            calls += slice.calls
            failures += slice.failures
        }
        return (calls, failures)
    }

    mutating func clear() {
        for index in slices.indices { slices[index] = Slice() }
    }
}
