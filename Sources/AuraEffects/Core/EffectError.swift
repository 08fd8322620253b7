/// The one error of every effect: what went wrong, where, whether to try again, and whether anything happened.
///
/// `description` is safe to log: it holds no payload, no secret and no connection string, and it leaves the
/// ``cause`` out, because a library's own message may quote them. `debugDescription` adds the cause.
public struct EffectError: Error, Sendable {
    /// What kind of failure this is.
    public var code: Code

    /// The effect's name, such as `"storage"`.
    public var effect: String

    /// The operation's name, such as `"write"`.
    public var operation: String

    /// The handler that failed, by technology, such as `"sqlite"`.
    public var handler: String

    /// What is wrong and what to do next, in one or two sentences.
    public var message: String

    /// The error underneath, where there is one.
    public var cause: (any Error)?

    /// Whether the same call may succeed later without a change by the caller.
    public var isRetryable: Bool

    /// Whether the operation's effect took place.
    public var outcome: Outcome

    /// How long the other side asks to wait before the next try; `nil` where it says nothing.
    public var retryAfter: Duration?

    /// Who made the error, as far as a chain of interceptors knows.
    @usableFromInline var maker = Maker.unknown

    @usableFromInline
    enum Maker: UInt8, Sendable {
        case unknown
        case handler
        /// A handler whose own error is the cause, and what its caller gets.
        case foreignHandler
    }

    /// Whether a failed operation changed anything.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// Nothing changed.
        case notApplied

        /// The operation may or may not have taken effect. Only an append by id or an unconditional write may be
        /// repeated.
        case unknown
    }

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What kind of failure this is.
    ///   - message: What is wrong and what to do next; no secret and no payload.
    ///   - effect: The effect's name.
    ///   - operation: The operation's name.
    ///   - handler: The handler's technology.
    ///   - cause: The error underneath.
    ///   - isRetryable: Whether to try again; by default what `code` says.
    ///   - outcome: Whether the operation took effect.
    ///   - retryAfter: How long the other side asks to wait before the next try.
    public init(
        _ code: Code,
        _ message: String,
        effect: String = "",
        operation: String = "",
        handler: String = "",
        cause: (any Error)? = nil,
        isRetryable: Bool? = nil,
        outcome: Outcome = .notApplied,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.effect = effect
        self.operation = operation
        self.handler = handler
        self.message = message
        self.cause = cause
        self.isRetryable = isRetryable ?? code.isUsuallyRetryable
        self.outcome = outcome
        self.retryAfter = retryAfter
    }
}

extension EffectError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The error in one line, safe to log.
    public var description: String {
        var place = effect
        if !operation.isEmpty { place += place.isEmpty ? operation : ".\(operation)" }
        if !handler.isEmpty { place += place.isEmpty ? handler : " (\(handler))" }
        let uncertain = outcome == .unknown ? " [outcome unknown]" : ""
        return place.isEmpty ? "\(code): \(message)\(uncertain)" : "\(place): \(code): \(message)\(uncertain)"
    }

    /// The error with the error underneath; it may hold details that do not belong in a log.
    public var debugDescription: String {
        guard let cause else { return description }
        return "\(description) (cause: \(String(reflecting: cause)))"
    }
}

extension EffectError: Codable {
    // Without the cause: it may be of any type, and may quote what belongs in no file.
    private enum CodingKeys: CodingKey {
        case code
        case effect
        case operation
        case handler
        case message
        case isRetryable
        case outcome
    }
}
