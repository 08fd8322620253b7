internal import AuraEffects
internal import Synchronization
public import Tracing

/// A span of an ``OTLPTracer``: it is sent some time after it has ended.
public final class OTLPSpan: Span {
    /// The context of what happens within the span.
    public let context: InstrumentationContext

    private let queue: OTLPSpanQueue
    /// What is recorded; `nil` once the span has ended, and where it is not recorded.
    private let record: Mutex<OTLPSpanRecord?>

    init(_ context: InstrumentationContext, _ record: OTLPSpanRecord?, _ queue: OTLPSpanQueue) {
        self.context = context
        self.queue = queue
        self.record = Mutex(record)
    }

    /// Whether the span is recorded and has not ended.
    public var isRecording: Bool { record.withLock { $0 != nil } }

    /// The name; empty for a span that is not recording.
    public var operationName: String {
        get { record.withLock { $0?.name ?? "" } }
        set { record.withLock { $0?.name = newValue } }
    }

    /// The attributes; none for a span that is not recording.
    public var attributes: SpanAttributes {
        get { record.withLock { $0?.attributes ?? [:] } }
        set { record.withLock { $0?.attributes = newValue } }
    }

    /// Says how what the span stands for ended; once it is `ok` it stays so.
    public func setStatus(_ status: SpanStatus) {
        record.withLock { record in
            if record?.status?.code != .ok { record?.status = status }
        }
    }

    /// Adds an event; the first 128 are kept, the others counted.
    public func addEvent(_ event: SpanEvent) {
        record.withLock { $0?.add(event) }
    }

    /// Adds an event `exception` with the error's type and description; secrets that the description shows by a sign, such
    /// as a `Bearer` token, are left out.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        guard isRecording else { return }
        var attributes = attributes
        attributes["exception.type"] = String(reflecting: type(of: error))
        attributes["exception.message"] = LogRedaction().redacted("\(error)")
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    /// Adds a link; the first 128 are kept, the others counted.
    public func addLink(_ link: SpanLink) {
        record.withLock { $0?.add(link) }
    }

    /// Ends the span and leaves it to be sent; what comes afterwards changes nothing.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let ended = record.withLock { record in
            defer { record = nil }
            return record
        }
        guard var ended else { return }
        ended.end = instant().nanosecondsSinceEpoch
        queue.add(ended)
    }
}
