// @Effect("http")
/// Requests over HTTP.
///
/// An answer of the server is an answer whatever its status; only an exchange that does not come to one throws. Redirects are
/// not followed: a status of 3xx is an answer like the others. Every method throws ``EffectError``: `invalidArgument` for a
/// request that cannot be sent as it is, `unavailable` where the server cannot be reached or the exchange breaks off,
/// `unauthenticated` where the server does not prove who it is, `deadlineExceeded` where it takes too long,
/// `resourceExhausted` for an answer beyond a limit, `cancelled` once the task is cancelled. Once a byte of the request may
/// have been sent the outcome is `unknown`, before that `notApplied`.
public protocol HTTPEffects: EffectHandler {
    // @Operation(.idempotent(when: "request.isRepeatable"), repeatable: "request.isRepeatable", resource: "request")
    /// Sends a request and waits for the head of the answer.
    ///
    /// The body of the request is consumed as it is sent; a server that refuses the request (300 and above) before it has
    /// taken the whole body ends it there. The body of the answer is fetched as it is consumed: one that is dropped before
    /// its end gives its connection up. It throws `unavailable` where it breaks off before its end.
    ///
    /// - Parameter request: The request.
    /// - Returns: The answer, with a body that may be consumed once.
    /// - Throws: ``EffectError``, as for every method; what the request's body throws.
    func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse
}
