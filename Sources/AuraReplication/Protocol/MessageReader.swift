internal import AuraEffects

/// Reads the bytes of a message that may be damaged or hostile: nothing is allocated beyond what the bytes themselves hold.
struct MessageReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// Reads a message to its end.
    static func read<Value>(
        _ message: [UInt8],
        _ body: (inout MessageReader) throws(MessageFault) -> Value
    ) throws(MessageFault) -> Value {
        // `withUnsafeBytes` of arrays forgets the type of what it throws.
        try message.withUnsafeBufferPointer { bytes throws(MessageFault) in
            var reader = MessageReader(bytes: UnsafeRawBufferPointer(bytes))
            let value = try body(&reader)
            try reader.end()
            return value
        }
    }

    private init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads the version and the kind that every message begins with.
    mutating func kind() throws(MessageFault) -> ReplicationProtocol.Kind {
        let version = try byte()
        guard version == ReplicationProtocol.version else {
            throw MessageFault(
                "has version \(version) of the protocol, and this journal knows \(ReplicationProtocol.version)"
            )
        }
        let kind = try byte()
        guard let known = ReplicationProtocol.Kind(rawValue: kind) else {
            throw MessageFault("is of the unknown kind \(kind)")
        }
        return known
    }

    private func end() throws(MessageFault) {
        guard rest == 0 else { throw MessageFault("has \(rest) bytes too many") }
    }

    private var rest: Int { bytes.count - offset }

    mutating func byte() throws(MessageFault) -> UInt8 {
        try need(1)
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func flag() throws(MessageFault) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        case let other: throw MessageFault("has a flag of \(other)")
        }
    }

    mutating func number() throws(MessageFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            let bits = UInt64(byte & 0x7f)
            guard shift < 63 || bits <= 1, shift < 70 else { throw MessageFault("has a number above 64 bits") }
            value |= bits << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }

    /// A number of things that take at least `least` bytes each, so that the message can hold them.
    mutating func count(ofAtLeast least: Int) throws(MessageFault) -> Int {
        let number = try number()
        guard number <= UInt64(rest / least) else {
            throw MessageFault("announces \(number) elements and ends before them")
        }
        return Int(number)
    }

    /// A size or an offset; no memory is taken by it.
    mutating func size() throws(MessageFault) -> Int {
        guard let size = Int(exactly: try number()) else { throw MessageFault("has a size above 63 bits") }
        return size
    }

    /// A sequence that a journal can reach.
    mutating func sequence() throws(MessageFault) -> UInt64 {
        let number = try number()
        guard number <= UInt64(Int64.max) else { throw MessageFault("has a sequence above 63 bits") }
        return number
    }

    mutating func fixed() throws(MessageFault) -> UInt64 {
        try need(8)
        defer { offset += 8 }
        return UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    mutating func identifier() throws(MessageFault) -> UInt128 {
        try need(16)
        defer { offset += 16 }
        return UInt128(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt128.self))
    }

    mutating func digest() throws(MessageFault) -> SHA256Digest {
        SHA256Digest(loading: try raw(SHA256Digest.byteCount))
    }

    /// Lends the next bytes.
    mutating func raw(_ count: Int) throws(MessageFault) -> UnsafeRawBufferPointer {
        try need(count)
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    /// Lends all bytes that are left.
    mutating func remaining() throws(MessageFault) -> UnsafeRawBufferPointer {
        try raw(rest)
    }

    mutating func text() throws(MessageFault) -> String {
        let count = try count(ofAtLeast: 1)
        guard let text = String(validating: try raw(count), as: UTF8.self) else {
            throw MessageFault("has a text that is not UTF-8")
        }
        return text
    }

    mutating func origin() throws(MessageFault) -> OriginID {
        OriginID(rawValue: try identifier())
    }

    mutating func optionalOrigin() throws(MessageFault) -> OriginID? {
        try flag() ? try origin() : nil
    }

    /// Heads in the order of their origins, each origin once.
    mutating func heads() throws(MessageFault) -> [OriginHead] {
        let count = try count(ofAtLeast: 16 + 1 + SHA256Digest.byteCount)
        var heads: [OriginHead] = []
        heads.reserveCapacity(count)
        for _ in 0..<count {
            let head = OriginHead(origin: try origin(), sequence: try sequence(), hash: try digest())
            if let last = heads.last, last.origin >= head.origin { throw MessageFault("has heads out of order") }
            heads.append(head)
        }
        return heads
    }

    /// Origins in their order, each once.
    mutating func origins() throws(MessageFault) -> [OriginID] {
        let count = try count(ofAtLeast: 16)
        var origins: [OriginID] = []
        origins.reserveCapacity(count)
        for _ in 0..<count {
            let origin = try origin()
            if let last = origins.last, last >= origin { throw MessageFault("has origins out of order") }
            origins.append(origin)
        }
        return origins
    }

    private func need(_ count: Int) throws(MessageFault) {
        guard count <= rest else { throw MessageFault("ends too early") }
    }
}
