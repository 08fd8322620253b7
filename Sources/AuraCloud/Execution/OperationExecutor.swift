public import AuraEffects
public import AuraRuntime

/// Carries a service's requests out: proves who calls, sends, reads what is wrong, and tries again under one policy; each
/// request is measured and traced.
///
/// The policy, the metrics and the spans are those of the runtime, with a request as the call.
public final class OperationExecutor: Sendable {
    private let service: any CloudService
    private let auth: any AuthProvider
    private let http: any HTTPEffects
    private let calls: InterceptorChain
    private let parts: InterceptorChain
    private let timer: PolicyTimer
    private let tasks = TaskOwner()

    /// The most bytes that are read of an answer that refuses a request.
    private static let mostFaultBytes = 65_536

    /// Creates an executor, which works until it is stopped.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - config: What surrounds each request.
    ///   - retryOfParts: What repeats a request of a larger call where the configuration says nothing of repetitions: repeating
    ///     all of the call for it would cost far more.
    ///   - auth: What proves who calls; stopped with the executor.
    ///   - context: The HTTP handler, the clock, and where jitter comes from.
    public init(
        _ service: any CloudService,
        _ config: CloudConfig,
        retryOfParts: RetryPolicy = .exponential(4),
        auth: any AuthProvider,
        context: HandlerContext
    ) {
        self.service = service
        self.auth = auth
        http = context.http
        timer = PolicyTimer(time: context.time)
        calls = Self.chain(service, config, config.policy, context, timer)
        let retry = config.policy.retry ?? retryOfParts
        parts = Self.chain(service, config, config.policy.retry(retry), context, timer)
        tasks.start { [timer] in await timer.run() }
    }

    private static func chain(
        _ service: any CloudService,
        _ config: CloudConfig,
        _ policy: EffectPolicy,
        _ context: HandlerContext,
        _ timer: PolicyTimer
    ) -> InterceptorChain {
        let target = EffectTarget(effect: service.name, handler: service.name)
        var observers: [any EffectObserver] = [MetricsObserver(of: service.operations)]
        if let collector = config.metricsCollector { observers.append(collector) }
        var interceptors: [any Interceptor] = []
        if let tracing = TracingInterceptor(of: target, time: context.time) { interceptors.append(tracing) }
        if !policy.isEmpty {
            interceptors.append(
                PolicyInterceptor(
                    PolicySettings(policy),
                    of: target,
                    operations: service.operations,
                    time: context.time,
                    random: context.random,
                    timer: timer
                )
            )
        }
        return InterceptorChain(of: target, observers: observers, interceptors: interceptors, time: context.time)
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// - Parameters:
    ///   - call: What the request is for.
    ///   - makeRequest: Makes the request, once for each attempt.
    /// - Returns: The answer: a success, or a status that the call takes as an answer.
    /// - Throws: ``EffectError`` of the handler that the call is sent for.
    public func send(
        _ call: CloudCall,
        _ makeRequest: @escaping @Sendable () throws(EffectError) -> HTTPRequest
    ) async throws(EffectError) -> HTTPResponse {
        try await send(call, makeRequest) { (response) async throws(EffectError) in response }
    }

    /// Sends a request and reads its answer: an answer that cannot be read fails the attempt, and the policy repeats it.
    ///
    /// - Parameters:
    ///   - call: What the request is for.
    ///   - makeRequest: Makes the request, once for each attempt.
    ///   - read: Reads the answer: a success, or a status that the call takes as an answer. It throws errors of the handler
    ///     that the call is sent for.
    /// - Returns: What `read` returns.
    /// - Throws: ``EffectError`` of the handler that the call is sent for.
    public func send<Answer: Sendable>(
        _ call: CloudCall,
        _ makeRequest: @escaping @Sendable () throws(EffectError) -> HTTPRequest,
        read: @escaping @Sendable (HTTPResponse) async throws(EffectError) -> Answer
    ) async throws(EffectError) -> Answer {
        let chain = call.isPart ? parts : calls
        let effectCall = chain.call(
            call.operation,
            resource: call.resource,
            isIdempotent: call.isIdempotent,
            isRepeatable: call.isRepeatable
        )
        do throws(EffectError) {
            return try await chain.perform(effectCall) { [self] () async throws(EffectError) -> Answer in
                try await read(try await attempt(call, makeRequest))
            }
        } catch {
            // The policy's own errors are of the service, the caller's are of the handler.
            throw error.effect == call.errors.effect ? error : call.error(error)
        }
    }

    private func attempt(
        _ call: CloudCall,
        _ makeRequest: @Sendable () throws(EffectError) -> HTTPRequest
    ) async throws(EffectError) -> HTTPResponse {
        var hasRecovered = false
        while true {
            let request = try await authorize(try makeRequest(), for: call)
            let response = try await exchange(request, call)
            if response.isSuccess || call.accepts.contains(response.status) { return response }
            // A refusal whose body breaks off still has its status.
            let body = (try? await response.body.bytes(atMost: Self.mostFaultBytes)) ?? []
            let fault = service.fault(response, body: body)
            // The refused request had no effect: it is no repetition, and no policy's business.
            if !hasRecovered, await auth.mayRecover(from: fault, of: request), request.body?.isRepeatable ?? true {
                hasRecovered = true
                continue
            }
            throw call.error(fault)
        }
    }

    private func authorize(
        _ request: HTTPRequest,
        for call: CloudCall
    ) async throws(EffectError) -> HTTPRequest {
        do throws(EffectError) {
            return try await auth.authorize(request)
        } catch {
            // Whatever became of what the credentials come from, this request was not sent.
            var error = call.error(error)
            error.outcome = .notApplied
            throw error
        }
    }

    private func exchange(
        _ request: HTTPRequest,
        _ call: CloudCall
    ) async throws(EffectError) -> HTTPResponse {
        do throws(EffectError) {
            return try await http.send(request)
        } catch {
            throw call.error(error)
        }
    }

    /// Ends what is under way: waits of policies, and what the credentials have under way.
    public func stop() async {
        timer.stop()
        await tasks.wait()
        await auth.stop()
    }
}
