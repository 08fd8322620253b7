#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

extension PoolRefusal {
    /// The refusal as the error of the operation that asked for a connection, and that has not begun.
    func error(in operation: String, _ errors: HandlerErrors, _ configuration: PoolConfiguration) -> EffectError {
        let maximum = configuration.maximum
        let setting = configuration.maximumSetting
        switch self {
        case .withdrawn:
            return errors.cancelled(in: operation)
        case .stopped:
            return errors.stopped(in: operation)
        case .notStarted:
            return errors.error(
                .unavailable,
                in: operation,
                "The handler was not started: start it before it is used.",
                isRetryable: false
            )
        case .cannotOpen(let failure):
            var error = failure
            error.effect = errors.effect
            error.operation = operation
            error.handler = errors.handler
            error.outcome = .notApplied
            return error
        case .tooManyWaiting(let counts):
            return errors.error(
                .resourceExhausted,
                in: operation,
                "\(counts.waiting) callers wait for a connection already, as many as may; \(counts.usage(maximum)). "
                    + "Raise '\(setting)', or try again later."
            )
        case .expired(let counts, nil):
            return errors.error(
                .resourceExhausted,
                in: operation,
                "No connection was free in time: \(counts.usage(maximum)), and \(counts.waiting) callers wait. "
                    + "Raise '\(setting)', or allow more time."
            )
        case .expired(let counts, let failure?):
            return errors.error(
                .unavailable,
                in: operation,
                "No connection could be opened in time: \(counts.usage(maximum)), and \(counts.waiting) callers wait. "
                    + "The last attempt failed: \(failure.message)",
                cause: failure,
                isRetryable: true
            )
        }
    }
}

extension PoolCounts {
    fileprivate func usage(_ maximum: Int) -> String {
        "of at most \(maximum) connections \(leased) are in use and \(opening) are being opened"
    }
}
#endif
