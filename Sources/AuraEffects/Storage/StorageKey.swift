/// The name of a stored value: any UTF-8 text, compared and ordered by its bytes.
///
/// Texts that look alike but differ in their bytes, such as composed and decomposed letters, are distinct keys.
public struct StorageKey: Sendable, Hashable, Comparable, ExpressibleByStringLiteral {
    /// The key's text.
    public let text: String

    /// Creates a key.
    public init(_ text: String) {
        self.text = text
    }

    /// Creates a key from a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// Whether both keys have the same bytes.
    public static func == (left: StorageKey, right: StorageKey) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    /// Whether the left key's bytes come first.
    public static func < (left: StorageKey, right: StorageKey) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    /// Hashes the key's bytes.
    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }

    /// Whether the key's bytes begin with those of `prefix`.
    public func hasPrefix(_ prefix: String) -> Bool {
        text.utf8.starts(with: prefix.utf8)
    }
}

extension StorageKey: CustomStringConvertible {
    /// The key's text.
    public var description: String { text }
}

extension StorageKey: Codable {
    /// Reads the key's text.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { StorageKey($0) }
    }

    /// Writes the key's text.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encode(text: text)
    }
}
