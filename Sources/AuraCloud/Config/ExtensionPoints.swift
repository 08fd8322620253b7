public import AuraEffects
public import Logging

/// Proves to a provider who calls.
///
/// Each provider's handlers bring one; an application may bring its own, such as one that asks a signing service.
public protocol AuthProvider: Sendable {
    /// Adds the proof to a request.
    ///
    /// It is called for each attempt, so that a proof that is dated is a fresh one.
    ///
    /// - Parameter request: The request as it will be sent, but for the fields that the proof adds.
    /// - Returns: The request with the proof.
    /// - Throws: `unauthenticated` where there are no credentials; ``EffectError`` of where they come from.
    func authorize(_ request: HTTPRequest) async throws(EffectError) -> HTTPRequest

    /// Takes note of an answer that refuses a request, and says whether another proof may succeed now.
    ///
    /// - Parameters:
    ///   - fault: What the provider says is wrong.
    ///   - request: The request that was refused, as ``authorize(_:)`` gave it.
    /// - Returns: Whether the request is worth sending again at once: the clock was corrected, or the credentials that were
    ///   refused were dropped.
    func mayRecover(from fault: ServiceFault, of request: HTTPRequest) async -> Bool

    /// Ends what the provider has under way.
    func stop() async
}

/// Somebody who is told when requests begin and end: an observer of the runtime, whose calls are the requests.
///
/// The operations are named as the provider names them, such as `s3.PutObject`. Without one, requests are counted and timed by
/// the metrics of the runtime alone.
public typealias MetricsCollector = EffectObserver

/// Where messages go: a logger of swift-log.
public typealias Logger = Logging.Logger
