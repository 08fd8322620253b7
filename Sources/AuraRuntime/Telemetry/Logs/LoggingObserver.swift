public import AuraEffects
public import Logging

/// Writes a handler's calls to the log, and the security events that their errors are.
///
/// A call that succeeds, or fails as its caller may expect, is written at the observer's level; `corrupted` and `internal`
/// are errors, and what an operator may have to look after is a warning. ``SecurityEvent``s are written whatever the level.
public struct LoggingObserver: EffectObserver {
    /// `logging`.
    public let name = "logging"

    /// Whether calls are written at the observer's level.
    public let measuresTime: Bool

    private let logger: Logger
    private let level: Logger.Level
    private let showsResource: Bool

    /// Creates an observer.
    ///
    /// - Parameters:
    ///   - logger: Where to write; its own level is looked at once, here.
    ///   - level: The level of calls.
    ///   - showsResource: Whether lines name what a call is about, such as a storage key, which may come from a user.
    public init(_ logger: Logger, level: Logger.Level = .debug, showsResource: Bool = false) {
        self.logger = logger
        self.level = level
        self.showsResource = showsResource
        measuresTime = logger.logLevel <= level
    }

    /// Writes the call.
    public func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {
        guard let error else {
            if measuresTime { log(call, after: duration, level: level, outcome: OperationOutcome.ok) }
            return
        }
        logSecurityEvent(call, error)
        let severity = Self.severity(of: error.code) ?? level
        if severity >= logger.logLevel {
            log(call, after: duration, level: severity, outcome: error.code.rawValue, error)
        }
    }

    private func log(
        _ call: EffectCall,
        after duration: Duration,
        level: Logger.Level,
        outcome: String,
        _ error: EffectError? = nil
    ) {
        var metadata: Logger.Metadata = [
            "operation": "\(call.operation.name)", "outcome": "\(outcome)",
        ]
        if measuresTime { metadata["microseconds"] = .stringConvertible(duration.nanoseconds / 1000) }
        if showsResource && !call.resource.isEmpty { metadata["resource"] = "\(call.resource)" }
        if let error {
            metadata["error"] = "\(error)"
            logger.log(level: level, "\(call.operation) failed", metadata: metadata)
        } else {
            logger.log(level: level, "\(call.operation)", metadata: metadata)
        }
    }

    private func logSecurityEvent(_ call: EffectCall, _ error: EffectError) {
        // That interceptor has written its refusal itself.
        guard error.handler != AuthorizationInterceptor.name else { return }
        SecurityEvent(error, of: call, showsResource: showsResource)?.log(to: logger)
    }

    /// The level of errors that an operator may have to look after; `nil` for those that callers expect.
    private static func severity(of code: EffectError.Code) -> Logger.Level? {
        switch code {
        case .corrupted, .internal: .error
        case .unavailable, .deadlineExceeded, .resourceExhausted, .throttled, .unauthenticated, .permissionDenied:
            .warning
        default: nil
        }
    }
}
