internal import AuraEffects
internal import Testing

@testable internal import AuraRuntime

@Suite("The circuit breaker's states")
struct CircuitBreakerStateTests {
    private let policy = CircuitBreakerPolicy(
        failureRate: 0.5,
        window: .seconds(10),
        minimumCalls: 4,
        openFor: .seconds(5)
    )

    /// A breaker with a clock that a test sets.
    private struct Subject {
        var state: CircuitBreakerState
        var now = 0.0

        init(_ policy: CircuitBreakerPolicy) {
            state = CircuitBreakerState(policy)
        }

        var instant: MonotonicInstant { MonotonicInstant(nanoseconds: Int64(now * 1_000_000_000)) }

        mutating func admit() -> CircuitBreakerState.Admission? {
            guard case .admitted(let admission) = state.admit(at: instant).decision else { return nil }
            return admission
        }

        /// Calls, and says how it ended; `nil` where the call was refused.
        @discardableResult
        mutating func call(_ verdict: CircuitBreakerState.Verdict) -> Bool {
            guard let admission = admit() else { return false }
            _ = state.record(verdict, of: admission, at: instant)
            return true
        }

        mutating func open() {
            for _ in 0..<4 { call(.failing) }
        }
    }

    @Test("it opens when the rate is reached by enough calls, not before")
    func opens() {
        var subject = Subject(policy)
        for _ in 0..<3 { subject.call(.failing) }
        #expect(subject.state.phase == .closed)
        subject.call(.failing)
        #expect(subject.state.phase == .open)
        var healthy = Subject(policy)
        for _ in 0..<5 { healthy.call(.healthy) }
        for _ in 0..<4 { healthy.call(.failing) }
        #expect(healthy.state.phase == .closed, "Four of nine are less than a half.")
        healthy.call(.failing)
        #expect(healthy.state.phase == .open, "Five of ten are a half.")
    }

    @Test("a success opens nothing, and what tells nothing counts for nothing")
    func otherVerdicts() {
        var subject = Subject(policy)
        for _ in 0..<3 { subject.call(.failing) }
        for _ in 0..<50 { subject.call(.unknown) }
        #expect(subject.state.phase == .closed)
        subject.call(.healthy)
        #expect(subject.state.phase == .closed, "Three of four have failed, but the last one did not.")
        subject.call(.failing)
        #expect(subject.state.phase == .open)
    }

    @Test("calls from before the window are forgotten, a tenth of it at a time")
    func window() {
        var subject = Subject(policy)
        for _ in 0..<3 { subject.call(.failing) }
        subject.now = 10
        subject.call(.failing)
        #expect(subject.state.phase == .closed)
        subject.now = 10.5
        for _ in 0..<2 { subject.call(.failing) }
        subject.now = 19.9
        subject.call(.failing)
        #expect(subject.state.phase == .open)
    }

    @Test("open, it refuses and says how long; then it lets one probe through")
    func open() {
        var subject = Subject(policy)
        subject.open()
        subject.now = 2
        let refused = subject.state.admit(at: subject.instant).decision
        #expect(refused == .refused(retryAfter: .seconds(3)))
        subject.now = 5
        let (decision, change) = subject.state.admit(at: subject.instant)
        guard case .admitted(let probe) = decision else {
            Issue.record("The probe was refused.")
            return
        }
        #expect(probe.isProbe)
        #expect(change == CircuitBreakerState.Change(from: .open, to: .halfOpen))
        let another = subject.state.admit(at: subject.instant).decision
        #expect(another == .refused(retryAfter: .seconds(5)))
    }

    @Test("the probe's success closes it with nothing on record, its failure opens it anew")
    func probe() {
        var subject = Subject(policy)
        subject.open()
        subject.now = 5
        subject.call(.failing)
        #expect(subject.state.phase == .open)
        subject.now = 9.9
        let refused = subject.admit()
        #expect(refused == nil)
        subject.now = 10
        subject.call(.healthy)
        #expect(subject.state.phase == .closed)
        for _ in 0..<3 { subject.call(.failing) }
        #expect(subject.state.phase == .closed)
    }

    @Test("a probe that tells nothing makes room for another")
    func unknownProbe() {
        var subject = Subject(policy)
        subject.open()
        subject.now = 5
        subject.call(.unknown)
        #expect(subject.state.phase == .halfOpen)
        let next = subject.admit()
        #expect(next?.isProbe == true)
    }

    @Test("the end of a call from before a change says nothing about now")
    func stale() throws {
        var subject = Subject(policy)
        let first = subject.admit()
        let early = try #require(first)
        subject.open()
        let ignored = subject.state.record(.healthy, of: early, at: subject.instant)
        #expect(ignored == nil)
        subject.now = 5
        let second = subject.admit()
        let probe = try #require(second)
        let ignoredToo = subject.state.record(.failing, of: early, at: subject.instant)
        #expect(ignoredToo == nil)
        #expect(subject.state.phase == .halfOpen)
        let change = subject.state.record(.healthy, of: probe, at: subject.instant)
        #expect(change == CircuitBreakerState.Change(from: .halfOpen, to: .closed))
    }

    @Test(
        "what speaks against a handler, and what does not",
        arguments: [
            (EffectError.Code.unavailable, CircuitBreakerState.Verdict.failing), (.deadlineExceeded, .failing),
            (.throttled, .failing), (.resourceExhausted, .failing), (.internal, .failing), (.notFound, .healthy),
            (.conflict, .healthy), (.preconditionFailed, .healthy), (.compacted, .healthy),
            (.invalidArgument, .healthy),
            (.unauthenticated, .healthy), (.permissionDenied, .healthy), (.corrupted, .healthy),
            (.unsupported, .healthy),
            (.cancelled, .unknown),
        ]
    )
    func verdicts(code: EffectError.Code, verdict: CircuitBreakerState.Verdict) {
        #expect(CircuitBreakerState.Verdict(EffectError(code, "")) == verdict)
    }
}
