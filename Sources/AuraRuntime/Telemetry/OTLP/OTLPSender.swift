internal import AuraEffects
internal import Tracing

/// Sends requests to a collector, again where it asks for that.
///
/// Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp.
struct OTLPSender: Sendable {
    /// What became of a request.
    enum Outcome {
        /// The collector has it, without what it rejected.
        case taken(OTLPPartialSuccess)
        /// It will not get through.
        case failed(EffectError)
        /// The task was cancelled before.
        case interrupted
    }

    let settings: OTLPSettings
    let http: any HTTPEffects
    let time: any TimeEffects
    let random: any RandomEffects
    /// Whether and when to try again.
    var retry = RetryPolicy.exponential(attempts: 5, base: .seconds(1), maximum: .seconds(30))

    /// The longest pause that a collector gets; in a longer one the queue would only fill.
    private static let longestPause = Duration.seconds(60)
    private static let answerLimit = 1 << 16

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - body: The request, encoded.
    ///   - path: `/v1/traces` or `/v1/metrics`.
    /// - Returns: What became of it.
    func send(_ body: [UInt8], to path: String) async -> Outcome {
        var failures = 0
        while true {
            let result = await withinTimeout { () async throws(EffectError) in try await post(body, to: path) }
            guard !Task.isCancelled else { return .interrupted }
            switch result {
            case .success(let answer): return .taken(answer)
            case .failure(let error):
                failures += 1
                guard error.isRetryable, let pause = retry.delay(after: failures, error, random) else {
                    return .failed(error)
                }
                do throws(EffectError) {
                    try await time.sleep(for: min(pause, Self.longestPause))
                } catch {
                    return .interrupted
                }
            }
        }
    }

    private func post(_ body: [UInt8], to path: String) async throws(EffectError) -> OTLPPartialSuccess {
        var url = settings.endpoint
        url.path = (url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path) + path
        var fields = HTTPFields(settings.headers)
        fields.append(HTTPField("content-type", "application/x-protobuf"))
        fields.append(HTTPField("user-agent", "aura-otlp"))
        let response = try await http.send(HTTPRequest(.post, url, fields: fields, body: ByteStream(body)))
        // An answer that cannot be read does not undo what the collector has taken.
        let answer = try? await response.body.bytes(atMost: Self.answerLimit)
        guard response.isSuccess else { throw refusal(response, of: url) }
        return OTLPPartialSuccess(answer ?? [])
    }

    /// The statuses under which a collector wants the request again.
    private static let retryable: Set<Int> = [429, 502, 503, 504]

    private func refusal(_ response: HTTPResponse, of url: HTTPURL) -> EffectError {
        var error = EffectError(
            response.status == 429 ? .throttled : .unavailable,
            "The collector answered \(response.status) to a request to \(url): see its log, and 'telemetry.otlp' in the profile.",
            isRetryable: Self.retryable.contains(response.status)
        )
        error.retryAfter = response.retryAfter
        return error
    }

    private func withinTimeout(
        _ body: @escaping @Sendable () async throws(EffectError) -> OTLPPartialSuccess
    ) async -> Result<OTLPPartialSuccess, EffectError> {
        await withTaskGroup(of: Result<OTLPPartialSuccess, EffectError>?.self) { group in
            group.addTask {
                do throws(EffectError) { return .success(try await body()) } catch { return .failure(error) }
            }
            group.addTask {
                do throws(EffectError) { try await time.sleep(for: settings.timeout) } catch {}
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .failure(timedOut)
        }
    }

    private var timedOut: EffectError {
        EffectError(
            .deadlineExceeded,
            "The collector at \(settings.endpoint) did not answer for \(settings.timeout.spelled): see whether it is overloaded, "
                + "or raise 'telemetry.otlp.timeout'.",
            isRetryable: true
        )
    }
}
