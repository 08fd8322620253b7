/// The 32 bytes that SHA-256 yields, held in place.
public struct SHA256Digest: Sendable, Hashable {
    // Big-endian words: the first byte of the digest is the highest byte of `word0`.
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    /// 32 zero bytes: what an origin's first entry has in place of a previous hash.
    public static let zero = SHA256Digest(words: 0, 0, 0, 0)

    /// The number of bytes in a digest.
    public static let byteCount = 32

    init(words word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Creates a digest from its 32 bytes; `nil` if there are more or fewer.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self = Array(bytes).withUnsafeBytes { Self(loading: $0) }
    }

    /// Creates a digest from the first 32 bytes of a buffer.
    ///
    /// - Precondition: The buffer holds at least 32 bytes.
    public init(loading buffer: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        self.init(words: word(0), word(1), word(2), word(3))
    }

    /// Stores the 32 bytes at the start of a buffer.
    ///
    /// - Precondition: The buffer has room for 32 bytes.
    public func store(into buffer: UnsafeMutableRawBufferPointer) {
        buffer.storeBytes(of: word0.bigEndian, toByteOffset: 0, as: UInt64.self)
        buffer.storeBytes(of: word1.bigEndian, toByteOffset: 8, as: UInt64.self)
        buffer.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt64.self)
        buffer.storeBytes(of: word3.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            store(into: UnsafeMutableRawBufferPointer(buffer))
            count = Self.byteCount
        }
    }

    /// Hashes without the per-byte cost of an array.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(word0)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The digest in lower-case hexadecimal.
    public var description: String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 2 * Self.byteCount) { text in
            var place = 0
            for word in [word0, word1, word2, word3] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    text[place] = digits.utf8Start[Int(word &>> shift & 15)]
                    place &+= 1
                }
            }
            return place
        }
    }
}

extension SHA256Digest: Codable {
    /// Reads the 64 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { SHA256Digest(hexadecimal: $0) }
    }

    /// Writes the 64 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encode(text: description)
    }
}

extension SHA256Digest {
    private init?(hexadecimal text: String) {
        guard text.utf8.count == 2 * Self.byteCount, let high = Hexadecimal.number(String(text.prefix(32))),
            let low = Hexadecimal.number(String(text.suffix(32)))
        else { return nil }
        self.init(
            words: UInt64(truncatingIfNeeded: high >> 64),
            UInt64(truncatingIfNeeded: high),
            UInt64(truncatingIfNeeded: low >> 64),
            UInt64(truncatingIfNeeded: low)
        )
    }
}
