/// Which trace a call belongs to, as the W3C Recommendation "Trace Context" carries it between services.
///
/// Source: https://www.w3.org/TR/trace-context-2/, which takes in level 1. What is malformed is ignored, as it asks.
public struct TraceContext: Sendable, Hashable {
    /// The trace's id: 32 lower-case hexadecimal digits, not all zero.
    public let traceID: String

    /// The id of the caller's span: 16 lower-case hexadecimal digits, not all zero.
    public var parentID: String

    /// The flags: bit 0 says that the caller samples the trace, bit 1 that the trace's id is random.
    public var flags: UInt8

    /// What tracing systems carry along.
    public var state: TraceState

    /// Creates a context; `nil` where an id is not of its form.
    ///
    /// - Parameters:
    ///   - traceID: 32 lower-case hexadecimal digits, not all zero.
    ///   - parentID: 16 lower-case hexadecimal digits, not all zero.
    ///   - flags: The flags.
    ///   - state: What tracing systems carry along.
    public init?(traceID: String, parentID: String, flags: UInt8 = 0, state: TraceState = TraceState()) {
        guard Self.isID(traceID.utf8, digits: 32), Self.isID(parentID.utf8, digits: 16) else { return nil }
        self.traceID = traceID
        self.parentID = parentID
        self.flags = flags
        self.state = state
    }

    /// Whether the caller samples the trace.
    public var isSampled: Bool { flags & 1 != 0 }

    /// Reads the headers of a call; `nil` where `traceparent` is malformed.
    ///
    /// A later version's header is read as far as this one goes. A malformed `tracestate` alone is dropped.
    ///
    /// - Parameters:
    ///   - traceparent: The header `traceparent`.
    ///   - tracestate: The header `tracestate`; several of them joined by commas.
    public init?(traceparent: String, tracestate: String? = nil) {
        let bytes = Array(traceparent.utf8.prefix(Self.length + 1))
        guard bytes.count >= Self.length, let version = Self.byte(bytes[0..<2]), version != 0xFF else { return nil }
        let dash = UInt8(ascii: "-")
        guard bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return nil }
        let isLonger = bytes.count > Self.length
        guard !isLonger || (version > 0 && bytes[Self.length] == dash) else { return nil }
        guard let flags = Self.byte(bytes[53..<55]) else { return nil }
        self.init(
            traceID: String(decoding: bytes[3..<35], as: UTF8.self),
            parentID: String(decoding: bytes[36..<52], as: UTF8.self),
            // A later version may give the other bits a meaning that is not this one's.
            flags: version == 0 ? flags : flags & 3,
            state: tracestate.flatMap(TraceState.init(header:)) ?? TraceState()
        )
    }

    /// The header `traceparent`.
    public var traceparent: String {
        let digits = String(flags, radix: 16)
        return "00-\(traceID)-\(parentID)-\(digits.utf8.count == 1 ? "0" : "")\(digits)"
    }

    private static let length = 55

    private static func isID(_ text: String.UTF8View, digits: Int) -> Bool {
        text.count == digits && text.allSatisfy { digit($0) != nil } && text.contains { $0 != UInt8(ascii: "0") }
    }

    private static func byte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        var value: UInt8 = 0
        for byte in digits {
            guard let digit = digit(byte) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
