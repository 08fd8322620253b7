/// The name of a key that is kept for good: 1 to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or a digit.
public struct KeyName: RawRepresentable, Sendable, Hashable, Comparable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The most characters of a name.
    public static let maximumLength = 64

    /// The name.
    public let rawValue: String

    /// Creates a name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a name from a literal.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// The name.
    public var description: String { rawValue }

    /// Whether it can name a key.
    public var isValid: Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        guard let first = rawValue.utf8.first, isAlphanumeric(first) else { return false }
        return rawValue.utf8.count <= Self.maximumLength
            && rawValue.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    /// Whether the left name comes first.
    public static func < (left: KeyName, right: KeyName) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One version of a named key.
public struct KeyVersion: Sendable, Hashable, Codable {
    /// The key's name.
    public var name: KeyName
    /// Which version, from 1 on.
    public var version: Int
    /// What the key is for.
    public var algorithm: KeyAlgorithm
    /// When it was created.
    public var created: WallTime
    /// The handle to use it by, for as long as its handler lives.
    public var id: KeyID

    /// Creates the value; for handlers.
    public init(name: KeyName, version: Int, algorithm: KeyAlgorithm, created: WallTime, id: KeyID) {
        self.name = name
        self.version = version
        self.algorithm = algorithm
        self.created = created
        self.id = id
    }
}
