public import AuraEffects
internal import AuraRuntime

/// What a provider's service says is wrong with a request.
public struct ServiceFault: Sendable {
    /// What kind of failure it is.
    public var code: EffectError.Code

    /// The service's own name of it, such as `SlowDown`.
    public var name: String

    /// The service's own words; empty where it says nothing.
    public var words: String

    /// What to do next, where there is more to say than the service does.
    public var advice: String

    /// The status of the answer.
    public var status: Int

    /// What the service calls the request, for questions to the provider; empty where it does not say.
    public var requestID: String

    /// Whether the same request may succeed later; `nil` for what `code` says.
    public var isRetryable: Bool?

    /// Whether the service may have carried the request out all the same.
    public var mayHaveApplied: Bool

    /// How long the service asks to wait.
    public var retryAfter: Duration?

    /// The service's clock, as the answer's field `Date` has it.
    public var date: WallTime?

    /// Creates a fault.
    ///
    /// - Parameters:
    ///   - code: What kind of failure it is.
    ///   - name: The service's own name of it.
    ///   - words: The service's own words.
    ///   - advice: What to do next.
    ///   - response: The answer that says so, for its status, its `Retry-After` and its `Date`.
    ///   - requestID: What the service calls the request.
    ///   - isRetryable: Whether the same request may succeed later.
    ///   - mayHaveApplied: Whether the service may have carried the request out all the same.
    public init(
        _ code: EffectError.Code,
        name: String,
        words: String = "",
        advice: String = "",
        of response: HTTPResponse,
        requestID: String = "",
        isRetryable: Bool? = nil,
        mayHaveApplied: Bool = false
    ) {
        self.code = code
        self.name = name
        self.words = words
        self.advice = advice
        self.status = response.status
        self.requestID = requestID
        self.isRetryable = isRetryable
        self.mayHaveApplied = mayHaveApplied
        date = response.date
        retryAfter = response.retryAfter
    }
}

extension ServiceFault {
    /// The fault in one or two sentences, with the request's name.
    var message: String {
        var message = "The service answered \(status)"
        if !name.isEmpty { message += " \(name)" }
        if !words.isEmpty { message += ": \(words)" }
        if !message.hasSuffix(".") { message += "." }
        if !advice.isEmpty { message += " \(advice)" }
        if !requestID.isEmpty { message += " (request \(requestID))" }
        return message
    }
}
