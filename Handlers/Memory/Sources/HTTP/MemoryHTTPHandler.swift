public import AuraEffects
internal import AuraRuntime

/// HTTP without a network: closures answer the requests.
///
/// It is the model that other handlers of HTTP are compared with.
public final class MemoryHTTPHandler: HTTPEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every memory handler of HTTP declares: nothing beyond the base contract.
    public static let capabilities = Capabilities()

    static let errors = HandlerErrors(HTTPEffect.self, handler: technology)

    private let servers: MemoryHTTPServers
    private let validation = RequestValidation(errors: errors)

    /// Creates a handler.
    ///
    /// - Parameter servers: What it reaches.
    public init(_ servers: MemoryHTTPServers) {
        self.servers = servers
    }

    /// Nothing beyond the base contract.
    public var capabilities: Capabilities { Self.capabilities }

    /// Has a server answer a request.
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        try validation.check(request, in: "send")
        try Self.errors.checkCancellation(in: "send")
        guard let server = servers.body(for: request.url) else {
            throw Self.errors.error(
                .unavailable,
                in: "send",
                "\(request): no server answers there; register one of MemoryHTTPServers for the address."
            )
        }
        let sent = request.body.map { SentBody($0) }
        var received = request
        received.body = sent?.stream
        let answer: Result<HTTPResponse, EffectError>
        do {
            answer = .success(try await server(received))
        } catch let error as EffectError {
            answer = .failure(Self.failure(error))
        } catch {
            answer = .success(HTTPResponse(status: 500))
        }
        // A body that failed was the caller's; what the server made of it does not count.
        if let failure = sent?.failure { throw failure }
        guard !Task.isCancelled else { throw Self.cancelled }
        return Self.received(try answer.get(), isBodiless: request.method == .head)
    }

    /// The answer, whose body is consumed once and ends with its consumer's task.
    private static func received(_ answer: HTTPResponse, isBodiless: Bool) -> HTTPResponse {
        var received = answer
        let hasNoBody = isBodiless || answer.status == 204 || answer.status == 304
        let body = ReceivedBody(hasNoBody ? ByteStream([]) : answer.body)
        received.body = ByteStream(byteCount: hasNoBody ? 0 : answer.body.byteCount) { _ throws(EffectError) in
            guard !Task.isCancelled else { throw cancelled }
            return try await body.next()
        }
        return received
    }

    static let cancelled = errors.error(
        .cancelled,
        in: "send",
        "The task was cancelled before the answer had come.",
        outcome: .unknown
    )

    /// An error of a server, as the handler's.
    static func failure(_ error: EffectError) -> EffectError {
        errors.error(
            error.code,
            in: "send",
            error.message,
            cause: error.cause,
            isRetryable: error.isRetryable,
            outcome: .unknown
        )
    }
}
