public import Instrumentation

/// Carries a W3C trace context through services: it reads `traceparent` and `tracestate` of what arrives into the service
/// context, and writes them to what is sent.
///
/// A tracer that speaks the W3C headers does this itself; this one is for applications without, whose calls then still
/// belong to their caller's trace.
///
/// ```swift
/// InstrumentationSystem.bootstrap(MultiplexInstrument([myTracer, W3CTraceContextInstrument()]))
/// ```
public struct W3CTraceContextInstrument: Instrument {
    private static let parentKey = "traceparent"
    private static let stateKey = "tracestate"

    /// Creates the instrument.
    public init() {}

    /// Reads the headers into a context; malformed ones change nothing.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: Self.parentKey, from: carrier) else { return }
        let state = extractor.extract(key: Self.stateKey, from: carrier)
        guard let trace = TraceContext(traceparent: parent, tracestate: state) else { return }
        context.traceContext = trace
    }

    /// Writes a context's headers; nothing where it has no trace context.
    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.traceContext else { return }
        injector.inject(trace.traceparent, forKey: Self.parentKey, into: &carrier)
        let state = trace.state.header
        if !state.isEmpty { injector.inject(state, forKey: Self.stateKey, into: &carrier) }
    }
}

private enum TraceContextKey: InstrumentationContextKey {
    typealias Value = TraceContext
    static let nameOverride: String? = "w3c-trace-context"
}

extension InstrumentationContext {
    /// The W3C trace context, where ``W3CTraceContextInstrument`` found one.
    public var traceContext: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}
