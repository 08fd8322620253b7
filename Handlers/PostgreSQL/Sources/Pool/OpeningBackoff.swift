#if PostgreSQL
internal import AuraEffects

/// How long to leave a server alone that lets no connection be opened.
struct OpeningBackoff: Sendable {
    /// The last failure, where no attempt has succeeded since.
    private(set) var lastFailure: EffectError?
    /// When the next attempt may begin.
    private(set) var retryAt: MonotonicInstant?
    private var failures = 0
    private let firstPause: Duration
    private let longestPause: Duration

    init(_ configuration: PoolConfiguration) {
        firstPause = configuration.firstPause
        longestPause = configuration.longestPause
    }

    /// Whether the last attempt failed.
    var isFailing: Bool { lastFailure != nil }

    /// Whether no attempt may begin yet.
    func isPausing(at now: MonotonicInstant) -> Bool {
        retryAt.map { now < $0 } ?? false
    }

    mutating func succeeded() {
        lastFailure = nil
        retryAt = nil
        failures = 0
    }

    /// Draws the pause between half its bound and its bound, so that a failing server is never asked in quick succession.
    mutating func failed(_ error: EffectError, at now: MonotonicInstant, jitter: Double) {
        lastFailure = error
        // Attempts that began together fail together, and lengthen the pause once.
        guard !isPausing(at: now) else { return }
        // The doubled pause of 30 failures is far beyond any bound.
        let bound = min(firstPause * (1 << min(failures, 30)), longestPause)
        failures += 1
        retryAt = now.advanced(by: max(bound * (0.5 + jitter / 2), error.retryAfter ?? .zero))
    }
}
#endif
