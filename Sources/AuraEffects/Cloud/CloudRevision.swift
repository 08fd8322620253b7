/// The version of an object or of an item, as its service names it.
///
/// It is opaque: compare it for equality, and hand it back in a condition. It means nothing for another key.
public struct CloudRevision: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The service's name of the version.
    public let rawValue: String

    /// Creates a revision.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The service's name of the version.
    public var description: String { rawValue }
}

/// A condition on what is stored under a key when a change is applied.
///
/// The service judges it together with the change: no other change comes between.
public enum CloudPrecondition: Sendable, Hashable, Codable {
    /// No condition.
    case none
    /// Nothing is stored under the key.
    case absent
    /// What is stored has exactly this revision.
    case matches(CloudRevision)
}

/// Where the next page of a listing begins: what the service gave for it, which means nothing elsewhere.
public struct PageToken: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// What the service gave.
    public let rawValue: String

    /// Creates a token.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// What the service gave.
    public var description: String { rawValue }
}
