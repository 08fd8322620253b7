internal import AuraEffects

/// Writes numbers big-endian, and data after their length.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func add(_ number: some FixedWidthInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func add(_ data: [UInt8]) {
        add(UInt32(data.count))
        bytes += data
    }

    mutating func addOptional(_ data: [UInt8]?) {
        bytes.append(data == nil ? 0 : 1)
        if let data { add(data) }
    }
}

/// Reads what ``ByteWriter`` wrote; each method gives `nil` where the bytes are something else.
struct ByteReader {
    /// Data that may not be there.
    struct Optionally {
        var bytes: [UInt8]?
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() -> UInt8? {
        take(1)?.first
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        take(Number.bitWidth / 8)?.reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    mutating func digest() -> SHA256Digest? {
        take(SHA256Digest.byteCount).flatMap { SHA256Digest($0) }
    }

    mutating func text() -> String? {
        data().flatMap { String(validating: $0, as: UTF8.self) }
    }

    mutating func optional() -> Optionally? {
        switch byte() {
        case 0: Optionally(bytes: nil)
        case 1: data().map { Optionally(bytes: Array($0)) }
        default: nil
        }
    }

    /// Elements after their count.
    mutating func list<Element>(_ element: (inout ByteReader) -> Element?) -> [Element]? {
        guard let count = number(UInt32.self), count <= bytes.count - place else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let next = element(&self) else { return nil }
            elements.append(next)
        }
        return elements
    }

    mutating func data() -> ArraySlice<UInt8>? {
        number(UInt32.self).flatMap { take(Int($0)) }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.count - place else { return nil }
        defer { place += count }
        return bytes[place..<place + count]
    }
}
