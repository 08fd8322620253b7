internal import AuraEffects

/// What one write, removal or transaction leaves in the file: a head that says what changed, then the values.
///
/// ```
/// record = count of head (4 bytes) | the same, inverted (4) | head | SHA-256 of head (32) | values
/// head   = last revision issued (8) | changes
/// change = 0 | key             a removal
///        | 1 | key | revision (8) | count of value (8) | SHA-256 of value (32)
/// key    = count (4) | UTF-8
/// ```
///
/// Numbers are little-endian. Heads and values have digests of their own: a damaged value is one lost value and not a lost
/// record, and to open a log only the heads are read.
struct LogRecord: Equatable {
    struct Change: Equatable {
        var key: StorageKey
        /// The value that follows the head, or `nil` for a removal.
        var value: Value?
    }

    struct Value: Equatable {
        var revision: StorageRevision
        var count: Int
        var digest: SHA256Digest
    }

    /// The count of the head, twice.
    static let frameCount = 8

    /// How many bytes a record of one value has besides key and value.
    static let overhead: Int = {
        let value = Value(revision: StorageRevision(rawValue: 0), count: 0, digest: .zero)
        return LogRecord(lastRevision: 0, changes: [Change(key: "", value: value)]).encoded.count
    }()

    var lastRevision: UInt64
    var changes: [Change]

    /// The bytes up to where the values begin.
    var encoded: [UInt8] {
        var head: [UInt8] = []
        head.append(number: lastRevision)
        for change in changes {
            let key = Array(change.key.text.utf8)
            head.append(change.value == nil ? 0 : 1)
            head.append(number: UInt32(key.count))
            head += key
            guard let value = change.value else { continue }
            head.append(number: value.revision.rawValue)
            head.append(number: UInt64(value.count))
            head += value.digest.bytes
        }
        var bytes: [UInt8] = []
        bytes.append(number: UInt32(head.count))
        bytes.append(number: ~UInt32(head.count))
        return bytes + head + SHA256.hash(head).bytes
    }

    /// How many bytes follow the frame up to where the values begin; `nil` where the frame is damaged.
    static func headCount(ofFrame frame: [UInt8]) -> Int? {
        var reader = ByteReader(frame)
        guard let count = reader.number(UInt32.self), let inverted = reader.number(UInt32.self), inverted == ~count
        else { return nil }
        return Int(count) + SHA256Digest.byteCount
    }
}

extension LogRecord {
    /// Reads a head with its digest; `nil` where it is damaged.
    init?(head bytes: [UInt8]) {
        let head = Array(bytes.dropLast(SHA256Digest.byteCount))
        guard SHA256Digest(bytes.suffix(SHA256Digest.byteCount)) == SHA256.hash(head) else { return nil }
        var reader = ByteReader(head)
        guard let lastRevision = reader.number(UInt64.self) else { return nil }
        self.init(lastRevision: lastRevision, changes: [])
        while !reader.isAtEnd {
            guard let change = Change(&reader) else { return nil }
            changes.append(change)
        }
    }
}

extension LogRecord.Change {
    fileprivate init?(_ reader: inout ByteReader) {
        guard let kind = reader.number(UInt8.self), let count = reader.number(UInt32.self),
            let text = reader.bytes(Int(count)).flatMap({ String(validating: $0, as: UTF8.self) })
        else { return nil }
        self.init(key: StorageKey(text), value: nil)
        if kind == 0 { return }
        guard let revision = reader.number(UInt64.self), let count = reader.number(UInt64.self),
            let digest = reader.bytes(SHA256Digest.byteCount).flatMap({ SHA256Digest($0) })
        else { return nil }
        value = LogRecord.Value(
            revision: StorageRevision(rawValue: revision),
            count: Int(truncatingIfNeeded: count),
            digest: digest
        )
    }
}

/// Takes numbers and bytes from the front of an array.
private struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        bytes(Number.bitWidth / 8)?.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
