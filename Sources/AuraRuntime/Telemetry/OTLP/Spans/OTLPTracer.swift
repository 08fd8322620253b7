internal import AuraEffects
internal import Synchronization
public import Tracing

/// A tracer whose spans an ``OTLPExporter`` sends.
///
/// It carries its contexts as ``W3CTraceContextInstrument`` does. A trace that begins here is sampled; one that came from
/// elsewhere is sampled where its caller does so. Until the exporter runs, and after it was stopped, nothing is recorded.
public final class OTLPTracer: Tracer {
    private let queue: OTLPSpanQueue
    private let random = Mutex<(any RandomEffects)?>(nil)
    private let instrument = W3CTraceContextInstrument()

    init(_ queue: OTLPSpanQueue) {
        self.queue = queue
    }

    /// Begins to record; ids are drawn from `random`.
    func start(_ random: any RandomEffects) {
        self.random.withLock { $0 = random }
    }

    /// Records no more spans.
    func stop() {
        random.withLock { $0 = nil }
    }

    /// Begins a span.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> OTLPSpan {
        var context = context()
        guard let random = random.withLock({ $0 }) else { return OTLPSpan(context, nil, queue) }
        let parent = context.traceContext
        guard parent?.isSampled ?? true, let trace = Self.trace(below: parent, random) else {
            return OTLPSpan(context, nil, queue)
        }
        let isRemote = parent != nil && !context.hasLocalSpan
        context.traceContext = trace
        context.hasLocalSpan = true
        let record = OTLPSpanRecord(
            trace: trace,
            parentID: parent?.parentID,
            hasRemoteParent: isRemote,
            name: operationName,
            kind: kind,
            start: instant().nanosecondsSinceEpoch
        )
        return OTLPSpan(context, record, queue)
    }

    /// The context of a new span: of its parent's trace, or of a new one.
    private static func trace(below parent: TraceContext?, _ random: any RandomEffects) -> TraceContext? {
        let sampled: UInt8 = 1
        let hasRandomID: UInt8 = 2
        let spanID = id(random)
        guard let parent else {
            return TraceContext(traceID: id(random) + id(random), parentID: spanID, flags: sampled | hasRandomID)
        }
        return TraceContext(traceID: parent.traceID, parentID: spanID, flags: parent.flags, state: parent.state)
    }

    /// Sixteen hexadecimal digits that are not all zero.
    private static func id(_ random: any RandomEffects) -> String {
        var number = random.nextUInt64()
        while number == 0 { number = random.nextUInt64() }
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// Spans are sent in batches, in their own time: there is nothing to force.
    public func forceFlush() {}

    /// Reads `traceparent` and `tracestate` of what arrives.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        instrument.extract(carrier, into: &context, using: extractor)
        context.hasLocalSpan = false
    }

    /// Writes `traceparent` and `tracestate` to what is sent.
    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        instrument.inject(context, into: &carrier, using: injector)
    }
}

private enum LocalSpanKey: InstrumentationContextKey {
    typealias Value = Bool
    static let nameOverride: String? = "otlp-local-span"
}

extension InstrumentationContext {
    /// Whether the trace context is that of a span of this process.
    fileprivate var hasLocalSpan: Bool {
        get { self[LocalSpanKey.self] ?? false }
        set { self[LocalSpanKey.self] = newValue }
    }
}
