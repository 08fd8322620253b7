#if TLSNetwork
internal import AuraEffects

extension Frame {
    /// Reads a frame from its parts.
    init(_ kind: Kind, _ head: [UInt8], _ payload: [UInt8]) throws(FrameViolation) {
        var reader = ByteReader(head)
        switch kind {
        case .hello:
            self = .hello(try reader.hello())
        case .message:
            let channel = try reader.channel()
            self = .message(Envelope(channel: channel, headers: try reader.headers(), payload: payload))
        case .request:
            let number = try reader.number(UInt64.self)
            let milliseconds = try reader.number(UInt32.self)
            guard milliseconds > 0 else { throw .malformed("a request has no time") }
            let channel = try reader.channel()
            let envelope = Envelope(channel: channel, headers: try reader.headers(), payload: payload)
            self = .request(number, timeout: .milliseconds(milliseconds), envelope)
        case .reply:
            let number = try reader.number(UInt64.self)
            self = .reply(number, Envelope(channel: "", headers: try reader.headers(), payload: payload))
        case .credit:
            let channel = try reader.channel()
            self = .credit(channel, try reader.number(UInt32.self))
        case .heartbeat:
            self = .heartbeat
        case .goodbye:
            // A reason that a later node invents is no reason to misunderstand the goodbye.
            self = .goodbye(GoodbyeReason(rawValue: try reader.number(UInt8.self)) ?? .stopping)
        }
        try reader.finish()
    }
}

/// Reads numbers, the most significant byte first, and texts.
struct ByteReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type
    ) throws(FrameViolation) -> Number {
        try take(Number.bitWidth / 8).reduce(0) { $0 << 8 | Number($1) }
    }

    mutating func channel() throws(FrameViolation) -> ChannelName {
        ChannelName(rawValue: try text(Int(try number(UInt8.self))))
    }

    mutating func headers() throws(FrameViolation) -> [String: String] {
        let count = Int(try number(UInt16.self))
        guard count > 0 else { return [:] }
        var headers: [String: String] = [:]
        for _ in 0..<count {
            let name = try text(Int(try number(UInt16.self)))
            let value = try text(Int(try number(UInt16.self)))
            guard headers.updateValue(value, forKey: name) == nil else { throw .malformed("a header comes twice") }
        }
        return headers
    }

    mutating func hello() throws(FrameViolation) -> Hello {
        guard try take(Hello.magic.count).elementsEqual(Hello.magic) else { throw .malformed("it is no hello") }
        let version = try number(UInt16.self)
        guard version == Hello.version else { throw .otherVersion(version) }
        return Hello(
            instance: try number(UInt64.self),
            serial: try number(UInt64.self),
            payloadLimit: try number(UInt32.self),
            window: try number(UInt32.self),
            channelLimit: try number(UInt32.self)
        )
    }

    /// Everything must have been read.
    func finish() throws(FrameViolation) {
        guard offset == bytes.count else { throw .malformed("bytes are left over") }
    }

    private mutating func text(_ count: Int) throws(FrameViolation) -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw .malformed("a text is not UTF-8")
        }
        return text
    }

    private mutating func take(_ count: Int) throws(FrameViolation) -> ArraySlice<UInt8> {
        guard bytes.count - offset >= count else { throw .malformed("it ends too early") }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }
}
#endif
