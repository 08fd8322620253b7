public import AuraEffects
public import Tracing

/// A span for every call of a handler, named by the operation's key, such as `storage.read`.
///
/// Calls within a call are its children, also those that a network handler's peer makes. A span has the attributes
/// `aura.effect`, `aura.operation`, and where they are known `aura.instance` and `aura.handler`; that of a call that failed
/// has the status `error`, `error.type` with the error's code, and the error without what is underneath it.
public struct TracingInterceptor: Interceptor {
    /// `tracing`.
    public let name = "tracing"

    private let target: EffectTarget
    private let tracer: any Tracer
    private let time: any TimeEffects
    private let showsResource: Bool

    /// Creates an interceptor; `nil` where there is no tracer, so that a chain without one is no longer for it.
    ///
    /// - Parameters:
    ///   - target: The handler.
    ///   - time: The clock of the spans.
    ///   - showsResource: Whether spans name what a call is about as `aura.resource`, which may come from a user.
    ///   - tracer: The tracer; by default the one that was bootstrapped.
    public init?(
        of target: EffectTarget,
        time: any TimeEffects,
        showsResource: Bool = false,
        tracer: any Tracer = InstrumentationSystem.tracer
    ) {
        guard !(tracer is NoOpTracer) else { return nil }
        self.target = target
        self.tracer = tracer
        self.time = time
        self.showsResource = showsResource
    }

    /// Carries out the call within a span.
    public func intercept(
        _ call: EffectCall,
        _ next: EffectContinuation
    ) async throws(EffectError) -> EffectAnswer {
        try await intercept(call, next, with: tracer)
    }

    private static let remoteEffects: Set<String> = [NetworkEffect.name, HTTPEffect.name]

    private func intercept<T: Tracer>(
        _ call: EffectCall,
        _ next: EffectContinuation,
        with tracer: T
    ) async throws(EffectError) -> EffectAnswer {
        let span = tracer.startSpan(
            call.operation.key,
            context: InstrumentationContext.current ?? .topLevel,
            ofKind: Self.remoteEffects.contains(call.operation.effect) ? .client : .internal,
            at: SpanInstant(time.now)
        )
        if span.isRecording { describe(call, on: span) }
        // Binding a task-local value is untyped.
        @Sendable func outcome() async -> Result<EffectAnswer, EffectError> {
            do throws(EffectError) { return .success(try await next()) } catch { return .failure(error) }
        }
        let result = await InstrumentationContext.$current.withValue(span.context, operation: outcome)
        if case .failure(let error) = result { record(error, on: span) }
        span.end(at: SpanInstant(time.now))
        return try result.get()
    }

    private func describe(_ call: EffectCall, on span: some Span) {
        span.updateAttributes { attributes in
            attributes["aura.effect"] = call.operation.effect
            attributes["aura.operation"] = call.operation.name
            if !target.instance.isEmpty { attributes["aura.instance"] = target.instance }
            if !target.handler.isEmpty { attributes["aura.handler"] = target.handler }
            if showsResource && !call.resource.isEmpty { attributes["aura.resource"] = call.resource }
        }
    }

    private func record(_ error: EffectError, on span: some Span) {
        // A library's own message may quote a secret.
        var shown = error
        shown.cause = nil
        span.setStatus(SpanStatus(code: .error, message: shown.description))
        span.attributes["error.type"] = error.code.rawValue
        span.recordError(shown, attributes: [:], at: SpanInstant(time.now))
    }
}

/// A moment of ``TimeEffects``' wall clock, as tracers take it.
private struct SpanInstant: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ time: WallTime) {
        nanosecondsSinceEpoch = UInt64(clamping: time.nanosecondsSinceEpoch)
    }

    static func < (left: SpanInstant, right: SpanInstant) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}
