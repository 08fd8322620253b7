internal import AuraEffects

/// What stands in the clear before a record's chunks, and is authenticated with each of them.
///
/// Integers are big-endian: the magic `aura-enc` (8 bytes), format 1 (1 byte), the data key's version (4) and check (8), the
/// chunk size (4), the plaintext's length (8), the salt (16), the key name's length (1) and ASCII bytes.
struct SealedHeader: Equatable {
    static let magic = Array("aura-enc".utf8)
    static let format: UInt8 = 1
    static let saltByteCount = 16
    static let fixedByteCount = 8 + 1 + 4 + DataKeys.checkByteCount + 4 + 8 + saltByteCount + 1

    var version: UInt32
    var check: [UInt8]
    var chunkByteCount: UInt32
    var plaintextByteCount: UInt64
    var salt: [UInt8]
    var name: String

    /// The header's bytes.
    var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.fixedByteCount + name.utf8.count)
        bytes.append(Self.format)
        bytes.append(bigEndian: version)
        bytes += check
        bytes.append(bigEndian: chunkByteCount)
        bytes.append(bigEndian: plaintextByteCount)
        bytes += salt
        bytes.append(UInt8(name.utf8.count))
        bytes += name.utf8
        return bytes
    }

    /// What is wrong with a record's beginning.
    enum Defect: Error {
        case notEncrypted
        case format(UInt8)
        case cut
    }

    init(version: UInt32, check: [UInt8], chunkByteCount: UInt32, plaintextByteCount: Int, salt: [UInt8], name: String)
    {
        self.version = version
        self.check = check
        self.chunkByteCount = chunkByteCount
        self.plaintextByteCount = UInt64(plaintextByteCount)
        self.salt = salt
        self.name = name
    }

    /// Reads the header at the start of a record.
    init(of record: [UInt8]) throws(Defect) {
        guard record.starts(with: Self.magic) else { throw .notEncrypted }
        guard record.count >= Self.fixedByteCount else { throw .cut }
        var reader = BigEndianReader(record, at: Self.magic.count)
        let format = reader.next(UInt8.self)
        guard format == Self.format else { throw .format(format) }
        version = reader.next(UInt32.self)
        check = reader.next(DataKeys.checkByteCount)
        chunkByteCount = reader.next(UInt32.self)
        plaintextByteCount = reader.next(UInt64.self)
        salt = reader.next(Self.saltByteCount)
        let nameByteCount = Int(reader.next(UInt8.self))
        guard record.count >= Self.fixedByteCount + nameByteCount else { throw .cut }
        name = String(decoding: reader.next(nameByteCount), as: UTF8.self)
    }

    /// Whether the data key has this name, byte for byte: what looks alike to Unicode is not what was authenticated.
    func isNamed(_ name: KeyName) -> Bool {
        self.name.utf8.elementsEqual(name.rawValue.utf8)
    }

    /// Names one sealing among all others: the salt's first eight bytes.
    var stamp: UInt64 { Self.stamp(of: salt) }

    static func stamp(of salt: [UInt8]) -> UInt64 {
        salt.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension [UInt8] {
    mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        for index in 0..<(Integer.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> Integer(Integer.bitWidth - 8 - 8 * index)))
        }
    }

    /// Adds bytes with their number before them, so that what follows cannot be taken for a part of them.
    mutating func append(counted bytes: some Collection<UInt8>) {
        append(bigEndian: UInt32(bytes.count))
        append(contentsOf: bytes)
    }
}

/// Reads integers and runs of bytes one after another.
struct BigEndianReader {
    private let bytes: [UInt8]
    private var index: Int

    init(_ bytes: [UInt8], at index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    mutating func next<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer {
        var value: Integer = 0
        for _ in 0..<(Integer.bitWidth / 8) {
            value = Integer.bitWidth == 8 ? Integer(bytes[index]) : value << 8 | Integer(bytes[index])
            index += 1
        }
        return value
    }

    mutating func next(_ count: Int) -> [UInt8] {
        defer { index += count }
        return Array(bytes[index..<index + count])
    }
}
