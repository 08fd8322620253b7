/// An object that is being sent in parts.
///
/// It may be kept and used by another process.
public struct ObjectUpload: Sendable, Hashable, Codable {
    /// The key that the object will have.
    public var key: ObjectKey

    /// The service's name of the upload.
    public var id: String

    /// What will be stored beside the bytes.
    public var metadata: ObjectMetadata

    /// Creates an upload; for handlers.
    public init(key: ObjectKey, id: String, metadata: ObjectMetadata) {
        self.key = key
        self.id = id
        self.metadata = metadata
    }
}

extension ObjectUpload: EffectResource {
    /// The key's text.
    public var effectResource: String { key.effectResource }
}

/// A part that was sent.
public struct UploadedPart: Sendable, Hashable, Codable {
    /// The part's place among the others, from 1.
    public var number: Int

    /// The service's name of what was sent.
    public var tag: String

    /// The part's size in bytes.
    public var byteCount: Int

    /// Creates a part; for handlers.
    public init(number: Int, tag: String, byteCount: Int) {
        self.number = number
        self.tag = tag
        self.byteCount = byteCount
    }
}

/// An address that gives whoever has it access to one object, for a time.
public struct PresignedURL: Sendable {
    /// What may be done with the address.
    public enum Access: String, Sendable, Hashable, Codable {
        /// The object may be fetched, by `GET`.
        case get
        /// The object may be stored, by `PUT`.
        case put
    }

    /// What may be done with the address.
    public var access: Access

    /// The address, which is as good as a password until it expires.
    public var url: Secret<String>

    /// The header fields that the request must have besides.
    public var headers: [String: String]

    /// When it ends, by the service's clock.
    public var expires: WallTime

    /// Creates an address; for handlers.
    public init(access: Access, url: Secret<String>, headers: [String: String] = [:], expires: WallTime) {
        self.access = access
        self.url = url
        self.headers = headers
        self.expires = expires
    }
}
