#if TLSNetwork
internal import AuraEffects

/// A frame as it is written: what precedes the payload, and the payload, which is not copied.
struct OutgoingFrame: Sendable, Hashable {
    /// The prefix and the head.
    let head: [UInt8]
    /// The payload; empty for a frame without one.
    let payload: [UInt8]

    /// The bytes on the wire, before they are encrypted.
    var byteCount: Int { head.count + payload.count }

    /// What the frame costs of its channel's credit.
    let cost: Int

    /// Writes a frame.
    ///
    /// - Throws: ``FrameViolation`` where channel and headers do not fit into a head.
    init(_ frame: Frame) throws(FrameViolation) {
        var writer = ByteWriter()
        let kind: Frame.Kind
        var payload: [UInt8] = []
        var cost = 0
        switch frame {
        case .hello(let hello):
            kind = .hello
            writer.write(hello)
        case .message(let envelope):
            kind = .message
            try writer.write(envelope.channel)
            try writer.write(envelope.headers)
            payload = envelope.payload
            cost = FrameLayout.cost(of: envelope)
        case .request(let number, let timeout, let envelope):
            kind = .request
            writer.write(number)
            writer.write(UInt32(clamping: max(1, timeout.nanoseconds / 1_000_000)))
            try writer.write(envelope.channel)
            try writer.write(envelope.headers)
            payload = envelope.payload
            cost = FrameLayout.cost(of: envelope)
        case .reply(let number, let envelope):
            kind = .reply
            writer.write(number)
            try writer.write(envelope.headers)
            payload = envelope.payload
        case .credit(let channel, let bytes):
            kind = .credit
            try writer.write(channel)
            writer.write(bytes)
        case .heartbeat:
            kind = .heartbeat
        case .goodbye(let reason):
            kind = .goodbye
            writer.write(reason.rawValue)
        }
        head = try writer.finish(kind, payloadBytes: payload.count)
        self.payload = payload
        self.cost = cost
    }
}

/// Writes numbers, the most significant byte first, behind the room for a frame's prefix.
private struct ByteWriter {
    private var bytes = [UInt8](repeating: 0, count: FrameLayout.prefixBytes)

    mutating func write(_ number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func write(_ hello: Hello) {
        bytes += Hello.magic
        write(Hello.version)
        write(hello.instance)
        write(hello.serial)
        write(hello.payloadLimit)
        write(hello.window)
        write(hello.channelLimit)
    }

    mutating func write(_ channel: ChannelName) throws(FrameViolation) {
        let name = channel.rawValue.utf8
        guard let count = UInt8(exactly: name.count) else { throw .longChannel(name.count) }
        write(count)
        bytes += name
    }

    mutating func write(_ headers: [String: String]) throws(FrameViolation) {
        guard let count = UInt16(exactly: headers.count) else { throw .longHead }
        write(count)
        for (name, value) in headers {
            for text in [name, value] {
                guard let count = UInt16(exactly: text.utf8.count) else { throw .longHead }
                write(count)
                bytes += text.utf8
            }
        }
    }

    /// Fills in the prefix.
    consuming func finish(_ kind: Frame.Kind, payloadBytes: Int) throws(FrameViolation) -> [UInt8] {
        let head = bytes.count - FrameLayout.prefixBytes
        guard head <= FrameLayout.headLimit else { throw .longHead }
        var prefix = ByteWriter(bytes: [])
        prefix.write(UInt32(FrameLayout.countedPrefixBytes + head + payloadBytes))
        prefix.write(kind.rawValue)
        prefix.write(UInt8(0))
        prefix.write(UInt16(head))
        bytes.replaceSubrange(0..<FrameLayout.prefixBytes, with: prefix.bytes)
        return bytes
    }

    init() {}

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
#endif
