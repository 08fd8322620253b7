internal import AuraEffects
internal import Tracing

/// A span that has ended, as it waits to be sent.
struct OTLPSpanRecord: Sendable {
    let trace: TraceContext
    /// The parent's id; `nil` for the first span of a trace.
    let parentID: String?
    /// Whether the parent belongs to another process.
    let hasRemoteParent: Bool
    var name: String
    let kind: SpanKind
    let start: UInt64
    var end: UInt64 = 0
    var attributes: SpanAttributes = [:]
    var events: [SpanEvent] = []
    var droppedEvents = 0
    var links: [SpanLink] = []
    var droppedLinks = 0
    var status: SpanStatus?

    /// The most attributes, events and links of a span: those that OpenTelemetry's specification has by default.
    static let limit = 128

    mutating func add(_ event: SpanEvent) {
        if events.count < Self.limit { events.append(event) } else { droppedEvents += 1 }
    }

    mutating func add(_ link: SpanLink) {
        if links.count < Self.limit { links.append(link) } else { droppedLinks += 1 }
    }
}

extension OTLPSpanRecord {
    /// The message `Span` of `opentelemetry/proto/trace/v1/trace.proto`.
    func encoded() -> [UInt8] {
        var span = ProtobufWriter()
        span.bytes(1, Hexadecimal.bytes(trace.traceID) ?? [])
        span.bytes(2, Hexadecimal.bytes(trace.parentID) ?? [])
        span.string(3, trace.state.header)
        if let parentID { span.bytes(4, Hexadecimal.bytes(parentID) ?? []) }
        span.string(5, name)
        span.varint(6, Self.number(of: kind))
        span.fixed64(7, start)
        // A clock that was set back must not make a span end before it began.
        span.fixed64(8, max(start, end))
        let droppedAttributes = span.attributes(9, attributes, atMost: Self.limit)
        span.varint(10, UInt64(droppedAttributes))
        for event in events { span.message(11) { Self.write(event, to: &$0) } }
        span.varint(12, UInt64(droppedEvents))
        let linked = links.compactMap { link in link.context.traceContext.map { ($0, link.attributes) } }
        for (trace, attributes) in linked { span.message(13) { Self.write(trace, attributes, to: &$0) } }
        // A link to what is no trace of this kind says nothing.
        span.varint(14, UInt64(droppedLinks + links.count - linked.count))
        if let status { span.message(15) { Self.write(status, to: &$0) } }
        span.fixed32(16, UInt32(trace.flags) | Self.hasKnownParent | (hasRemoteParent ? Self.isRemote : 0))
        return span.bytes
    }

    /// The bits of `flags` that say where the parent belongs (`SpanFlags`).
    private static let hasKnownParent: UInt32 = 0x100
    private static let isRemote: UInt32 = 0x200

    /// The number in the enumeration `SpanKind`.
    private static func number(of kind: SpanKind) -> UInt64 {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    private static func write(_ event: SpanEvent, to message: inout ProtobufWriter) {
        message.fixed64(1, event.nanosecondsSinceEpoch)
        message.string(2, event.name)
        let dropped = message.attributes(3, event.attributes, atMost: limit)
        message.varint(4, UInt64(dropped))
    }

    private static func write(
        _ trace: TraceContext,
        _ attributes: SpanAttributes,
        to message: inout ProtobufWriter
    ) {
        message.bytes(1, Hexadecimal.bytes(trace.traceID) ?? [])
        message.bytes(2, Hexadecimal.bytes(trace.parentID) ?? [])
        message.string(3, trace.state.header)
        let dropped = message.attributes(4, attributes, atMost: limit)
        message.varint(5, UInt64(dropped))
        message.fixed32(6, UInt32(trace.flags))
    }

    private static func write(_ status: SpanStatus, to message: inout ProtobufWriter) {
        message.string(2, status.message ?? "")
        switch status.code {
        case .ok: message.varint(3, 1)
        case .error: message.varint(3, 2)
        }
    }
}
