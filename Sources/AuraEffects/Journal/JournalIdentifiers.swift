/// The id of an entry, unique per origin and stream: 128 bits, ordered by time.
///
/// ``init(_:)-(EffectSystem)`` makes a UUID of version 7 (RFC 9562, section 5.7).
public struct EntryID: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    private let words: IdentifierWords

    /// The id's 128 bits.
    public var rawValue: UInt128 { words.value }

    /// Creates an id from its bits.
    public init(rawValue: UInt128) {
        words = IdentifierWords(rawValue)
    }

    /// Creates a new id from the time and random effects of a system.
    public init(_ effects: EffectSystem) {
        self.init(time: effects.time, random: effects.random)
    }

    /// Creates a new id.
    ///
    /// - Parameters:
    ///   - time: Gives the millisecond in the id's upper 48 bits.
    ///   - random: Gives the 74 random bits.
    public init(time: any TimeEffects, random: any RandomEffects) {
        let milliseconds = UInt128(time.now.millisecondsSinceEpoch & 0xffff_ffff_ffff)
        let version: UInt128 = 7
        let variant: UInt128 = 0b10
        let randomA = UInt128(random.nextUInt64() & 0xfff)
        let randomB = UInt128(random.nextUInt64() & 0x3fff_ffff_ffff_ffff)
        self.init(rawValue: milliseconds << 80 | version << 76 | randomA << 64 | variant << 62 | randomB)
    }

    /// Creates an id from its 32 hexadecimal digits; `nil` for any other text.
    public init?(_ text: String) {
        guard let value = Hexadecimal.number(text) else { return nil }
        self.init(rawValue: value)
    }

    /// The id in 32 hexadecimal digits.
    public var description: String { Hexadecimal.string(rawValue) }

    /// Whether the left id comes first.
    public static func < (left: EntryID, right: EntryID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The journal that an entry was first written to: 128 random bits.
public struct OriginID: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    private let words: IdentifierWords

    /// The origin's 128 bits.
    public var rawValue: UInt128 { words.value }

    /// Creates an origin from its bits.
    public init(rawValue: UInt128) {
        words = IdentifierWords(rawValue)
    }

    /// Creates a new origin.
    public init(random: any RandomEffects) {
        self.init(rawValue: random.nextUInt128())
    }

    /// Creates an origin from its 32 hexadecimal digits; `nil` for any other text.
    public init?(_ text: String) {
        guard let value = Hexadecimal.number(text) else { return nil }
        self.init(rawValue: value)
    }

    /// The origin in 32 hexadecimal digits.
    public var description: String { Hexadecimal.string(rawValue) }

    /// Whether the left origin comes first.
    public static func < (left: OriginID, right: OriginID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The two halves of an identifier.
///
/// Identifiers are not held as one `UInt128`: where an async function takes one among its stack arguments, the compiler
/// (Swift 6.3.1 on x86-64) loses track of the stack, and the process crashes when the function resumes.
package struct IdentifierWords: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    /// Takes a number apart.
    package init(_ value: UInt128) {
        high = UInt64(truncatingIfNeeded: value >> 64)
        low = UInt64(truncatingIfNeeded: value)
    }

    /// The number.
    package var value: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

extension EntryID: Codable {
    /// Reads the 32 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { EntryID($0) }
    }

    /// Writes the 32 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encode(text: description)
    }
}

extension OriginID: Codable {
    /// Reads the 32 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { OriginID($0) }
    }

    /// Writes the 32 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encode(text: description)
    }
}

extension OriginID: CodingKeyRepresentable {
    /// The 32 hexadecimal digits as a key.
    public var codingKey: any CodingKey { TextCodingKey(stringValue: description) }

    /// Creates an origin from a key of 32 hexadecimal digits; `nil` for any other.
    public init?<Key: CodingKey>(codingKey: Key) {
        self.init(codingKey.stringValue)
    }
}
