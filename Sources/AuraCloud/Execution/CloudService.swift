public import AuraEffects
public import AuraRuntime

/// A service of a provider, as the executor of its requests needs to know it.
public protocol CloudService: Sendable {
    /// The service's name, such as `s3`.
    var name: String { get }

    /// The operations that requests are made for, as the provider names them.
    var operations: [EffectOperation] { get }

    /// Reads an answer that refuses a request.
    ///
    /// - Parameters:
    ///   - response: The answer; its body was consumed.
    ///   - body: The first bytes of its body.
    /// - Returns: What the service says is wrong.
    func fault(_ response: HTTPResponse, body: [UInt8]) -> ServiceFault
}

/// A request to a service, as policies, metrics and errors see it.
public struct CloudCall: Sendable {
    /// The service's operation.
    public var operation: EffectOperation

    /// What the request is about, such as an object's key.
    public var resource: String

    /// Whether it may be repeated after its outcome is unknown.
    public var isIdempotent: Bool

    /// Whether it can be made again: not one whose body can be had once.
    public var isRepeatable: Bool

    /// Whether it changes something, so that a lost answer leaves its outcome unknown.
    public var changes: Bool

    /// Whether it is one of several that make up a larger call: it is repeated also where calls as a whole are not.
    public var isPart: Bool

    /// The statuses besides success that are an answer.
    public var accepts: Set<Int>

    /// What names of faults mean to this request, in place of what they mean to the service.
    public var meanings: [String: EffectError.Code]

    /// Makes the errors of the handler that sends it.
    public var errors: HandlerErrors

    /// The operation of the handler that it is sent for.
    public var method: String

    /// Creates a request's description.
    ///
    /// - Parameters:
    ///   - operation: The service's operation.
    ///   - resource: What the request is about.
    ///   - isIdempotent: Whether it may be repeated after its outcome is unknown.
    ///   - isRepeatable: Whether it can be made again.
    ///   - changes: Whether it changes something.
    ///   - isPart: Whether it is one of several that make up a larger call.
    ///   - accepts: The statuses besides success that are an answer.
    ///   - meanings: What names of faults mean to this request.
    ///   - errors: Makes the errors of the handler that sends it.
    ///   - method: The operation of the handler that it is sent for.
    public init(
        _ operation: EffectOperation,
        resource: String = "",
        isIdempotent: Bool,
        isRepeatable: Bool = true,
        changes: Bool,
        isPart: Bool = false,
        accepts: Set<Int> = [],
        meanings: [String: EffectError.Code] = [:],
        errors: HandlerErrors,
        method: String
    ) {
        self.operation = operation
        self.resource = resource
        self.isIdempotent = isIdempotent
        self.isRepeatable = isRepeatable
        self.changes = changes
        self.isPart = isPart
        self.accepts = accepts
        self.meanings = meanings
        self.errors = errors
        self.method = method
    }

    /// The error of an answer that refuses the request.
    func error(_ fault: ServiceFault) -> EffectError {
        var error = errors.error(
            meanings[fault.name] ?? fault.code,
            in: method,
            fault.message,
            isRetryable: fault.isRetryable,
            outcome: changes && fault.mayHaveApplied ? .unknown : .notApplied
        )
        error.retryAfter = fault.retryAfter
        return error
    }

    /// The error of a request that did not come to an answer.
    func error(_ failure: EffectError) -> EffectError {
        var error = errors.error(
            failure.code,
            in: method,
            failure.message,
            cause: failure,
            isRetryable: failure.isRetryable,
            outcome: changes ? failure.outcome : .notApplied
        )
        error.retryAfter = failure.retryAfter
        return error
    }
}
