/// The name of a stream: UTF-8 text, compared by its bytes.
public struct StreamName: Sendable, Hashable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name's text.
    public let text: String

    /// Creates a name.
    public init(_ text: String) {
        self.text = text
    }

    /// Creates a name from a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The name's text.
    public var description: String { text }

    /// Whether both names have the same bytes.
    public static func == (left: StreamName, right: StreamName) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    /// Whether the left name's bytes come first.
    public static func < (left: StreamName, right: StreamName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    /// Hashes the name's bytes.
    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }
}

/// What an entry is: the application's name and version of the operation, such as `note.added/1`; compared by its bytes.
public struct EntryKind: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The kind's text.
    public let text: String

    /// Creates a kind.
    public init(_ text: String) {
        self.text = text
    }

    /// Creates a kind from a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The kind's text.
    public var description: String { text }

    /// The longest kind, in UTF-8 bytes.
    public static let maximumByteCount = 255

    /// Whether both kinds have the same bytes.
    public static func == (left: EntryKind, right: EntryKind) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    /// Hashes the kind's bytes.
    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }
}

/// The place of an entry in its stream: 0, 1, 2 … without gaps.
///
/// It belongs to one journal.
public struct Revision: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The place, from zero.
    public let rawValue: UInt64

    /// Creates a revision.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The place of a stream's first entry.
    public static let first = Revision(rawValue: 0)

    /// The place after this one.
    public var next: Revision { Revision(rawValue: rawValue + 1) }

    /// The place in decimal.
    public var description: String { String(rawValue) }

    /// Whether the left place comes first.
    public static func < (left: Revision, right: Revision) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The place of an entry in the total order of one journal.
///
/// Positions increase in commit order; there may be gaps.
public struct Position: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The place, from one.
    public let rawValue: UInt64

    /// Creates a position.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before every entry.
    public static let start = Position(rawValue: 0)

    /// The place in decimal.
    public var description: String { String(rawValue) }

    /// Whether the left place comes first.
    public static func < (left: Position, right: Position) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What an append expects of its stream.
public enum ExpectedRevision: Sendable, Hashable, Codable {
    /// Nothing.
    case any
    /// The stream has no entry yet.
    case empty
    /// The stream's last entry has this revision.
    case exactly(Revision)
}

extension StreamName: Codable {
    /// Reads the name's text.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { StreamName($0) }
    }

    /// Writes the name's text.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encode(text: text)
    }
}

extension EntryKind: Codable {
    /// Reads the kind's text.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { EntryKind($0) }
    }

    /// Writes the kind's text.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encode(text: text)
    }
}
