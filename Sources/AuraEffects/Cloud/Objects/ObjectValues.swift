/// The name of an object within its bucket: any UTF-8 text, compared by its bytes.
public typealias ObjectKey = StorageKey

/// What is stored beside the bytes of an object.
public struct ObjectMetadata: Sendable, Hashable, Codable {
    /// The media type of the bytes, such as `text/plain`; `nil` leaves it to the service.
    public var contentType: String?

    /// The application's own notes.
    ///
    /// A name begins with a lower-case letter; lower-case letters, digits and underscores follow. A value is any text without
    /// control characters. Names and values together have at most ``Limit/metadataBytes`` UTF-8 bytes.
    public var attributes: [String: String]

    /// Creates metadata.
    ///
    /// - Parameters:
    ///   - contentType: The media type of the bytes.
    ///   - attributes: The application's own notes.
    public init(contentType: String? = nil, attributes: [String: String] = [:]) {
        self.contentType = contentType
        self.attributes = attributes
    }
}

/// What is known of an object without its body.
public struct ObjectInfo: Sendable, Hashable, Codable {
    /// The key.
    public var key: ObjectKey

    /// The object's version.
    public var revision: CloudRevision

    /// The object's size in bytes.
    public var byteCount: Int

    /// What is stored beside the bytes.
    public var metadata: ObjectMetadata

    /// When this version was stored, by the service's clock; some services know it to the second.
    public var modified: WallTime

    /// Creates the description of an object.
    public init(
        key: ObjectKey,
        revision: CloudRevision,
        byteCount: Int,
        metadata: ObjectMetadata,
        modified: WallTime
    ) {
        self.key = key
        self.revision = revision
        self.byteCount = byteCount
        self.metadata = metadata
        self.modified = modified
    }
}

/// An object that is open for reading.
public struct ObjectContent: Sendable {
    /// What is known of the object; its `byteCount` is that of the whole object.
    public var info: ObjectInfo

    /// Which of the object's bytes the body has.
    public var range: Range<Int>

    /// The bytes, delivered once.
    public var body: ByteStream

    /// Creates the content of an object.
    public init(info: ObjectInfo, range: Range<Int>, body: ByteStream) {
        self.info = info
        self.range = range
        self.body = body
    }
}

/// Bytes of an object, counted from zero.
public struct ObjectRange: Sendable, Hashable, Codable {
    /// The first byte.
    public var offset: Int

    /// How many bytes, at least 1; `nil` for all to the end.
    public var count: Int?

    /// Creates a range.
    ///
    /// - Parameters:
    ///   - offset: The first byte.
    ///   - count: How many bytes; `nil` for all to the end.
    public init(offset: Int, count: Int? = nil) {
        self.offset = offset
        self.count = count
    }

    /// The bytes of this range that an object has.
    ///
    /// - Parameter byteCount: The object's size.
    /// - Returns: The bytes; `nil` where the range is none, or begins at or beyond the end and not at zero.
    public func clamped(to byteCount: Int) -> Range<Int>? {
        guard offset >= 0, count ?? 1 >= 1, offset == 0 || offset < byteCount else { return nil }
        return offset..<offset + min(byteCount - offset, count ?? .max)
    }
}

/// A condition on what is read.
public enum ObjectReadCondition: Sendable, Hashable, Codable {
    /// No condition.
    case none
    /// The object has exactly this revision: for going on with one that was read in part.
    case matches(CloudRevision)
    /// The object has another revision than this: for keeping a copy up to date.
    case differs(from: CloudRevision)

    /// Whether an object of a revision fulfils the condition.
    public func holds(for stored: CloudRevision) -> Bool {
        switch self {
        case .none: true
        case .matches(let revision): revision == stored
        case .differs(let revision): revision != stored
        }
    }
}

/// One page of a listing of objects.
public struct ObjectPage: Sendable, Hashable, Codable {
    /// A listed object.
    public struct Item: Sendable, Hashable, Codable {
        /// The key.
        public var key: ObjectKey
        /// The object's version.
        public var revision: CloudRevision
        /// The object's size in bytes.
        public var byteCount: Int
        /// When this version was stored.
        public var modified: WallTime

        /// Creates an item.
        public init(key: ObjectKey, revision: CloudRevision, byteCount: Int, modified: WallTime) {
            self.key = key
            self.revision = revision
            self.byteCount = byteCount
            self.modified = modified
        }
    }

    /// The items.
    public var items: [Item]

    /// Where the next page begins; `nil` on the last page.
    public var next: PageToken?

    /// Creates a page.
    public init(items: [Item], next: PageToken?) {
        self.items = items
        self.next = next
    }
}
