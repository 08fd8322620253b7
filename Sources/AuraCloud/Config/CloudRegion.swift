/// A region of a provider: where data lies and computations run.
public struct CloudRegion: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The provider's name of the region, such as `eu-central-1`.
    public let rawValue: String

    /// Creates a region.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a region from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    /// Whether the name may stand in the name of a host: letters, digits and hyphens, at most 63, no hyphen at either end.
    public var isValid: Bool {
        let bytes = rawValue.utf8
        guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-") else {
            return false
        }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }

    /// The name.
    public var description: String { rawValue }
}
