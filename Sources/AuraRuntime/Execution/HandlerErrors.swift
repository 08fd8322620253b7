public import AuraEffects

/// Makes the errors of one handler, so that each names the effect, the operation and the technology.
public struct HandlerErrors: Sendable {
    /// The family's name.
    public let effect: String
    /// The handler's technology.
    public let handler: String

    /// Creates the errors of a handler.
    ///
    /// - Parameters:
    ///   - key: The family.
    ///   - handler: The handler's technology.
    public init<Key: EffectKey>(_ key: Key.Type, handler: String) {
        self.effect = key.name
        self.handler = handler
    }

    /// An error of one of the handler's operations.
    ///
    /// - Parameters:
    ///   - code: What kind of failure it is.
    ///   - operation: The operation's name.
    ///   - message: What is wrong and what to do next; no secret and no payload.
    ///   - cause: The error underneath.
    ///   - isRetryable: Whether to try again; by default what `code` says.
    ///   - outcome: Whether the operation took effect.
    /// - Returns: The error.
    public func error(
        _ code: EffectError.Code,
        in operation: String,
        _ message: String,
        cause: (any Error)? = nil,
        isRetryable: Bool? = nil,
        outcome: EffectError.Outcome = .notApplied
    ) -> EffectError {
        EffectError(
            code,
            message,
            effect: effect,
            operation: operation,
            handler: handler,
            cause: cause,
            isRetryable: isRetryable,
            outcome: outcome
        )
    }

    /// Refuses to begin an operation for a task that was cancelled.
    ///
    /// - Parameter operation: The operation's name.
    /// - Throws: ``EffectError`` with `cancelled`.
    @inlinable
    public func checkCancellation(in operation: String) throws(EffectError) {
        if Task.isCancelled { throw cancelled(in: operation) }
    }

    /// The error of an operation that its task's cancellation ended.
    public func cancelled(in operation: String) -> EffectError {
        error(.cancelled, in: operation, "The task was cancelled before the operation took effect.")
    }

    /// The error of an operation on a handler that was stopped.
    public func stopped(in operation: String) -> EffectError {
        error(.unavailable, in: operation, "The handler was stopped.", isRetryable: false)
    }

    /// Refuses an operation whose capability the handler does not declare.
    ///
    /// - Parameters:
    ///   - capability: What the operation needs.
    ///   - capabilities: What the handler declares.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `unsupported`.
    public func require(
        _ capability: Capability,
        of capabilities: Capabilities,
        in operation: String
    ) throws(EffectError) {
        guard !capabilities.contains(capability) else { return }
        throw error(
            .unsupported,
            in: operation,
            "The handler does not declare '\(capability)': choose one that does, or do without \(operation)."
        )
    }
}

extension HandlerErrors {
    /// A name as a message quotes it: control characters escaped, and cut after 64 characters.
    public static func quote(_ name: String) -> String {
        let shown = name.prefix(64).unicodeScalars.map { $0.escaped(asASCII: false) }.joined()
        return name.dropFirst(64).isEmpty ? "'\(shown)'" : "'\(shown)…'"
    }
}
