/// What a handler can do beyond its family's base contract.
public struct Capability: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The capability's name as profiles and messages spell it.
    public let rawValue: String

    /// Creates a capability from its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The capability's name.
    public var description: String { rawValue }

    /// What a receipt names survives a crash of the process and of the machine.
    public static let durable = Capability(rawValue: "durable")
    /// Several processes may use the same data at once.
    public static let multiProcess = Capability(rawValue: "multiProcess")
    /// Several storage mutations apply all or not at all.
    public static let transactions = Capability(rawValue: "transactions")
    /// A journal keeps snapshots of streams.
    public static let snapshots = Capability(rawValue: "snapshots")
    /// A journal drops payloads below a snapshot.
    public static let compaction = Capability(rawValue: "compaction")
    /// A journal exchanges entries with other journals.
    public static let replication = Capability(rawValue: "replication")
    /// A clock moves only when a test advances it.
    public static let manual = Capability(rawValue: "manual")
    /// Random values are fit for keys and tokens.
    public static let unpredictable = Capability(rawValue: "unpredictable")
    /// The sender of an envelope is proven, not claimed.
    public static let verifiedSender = Capability(rawValue: "verifiedSender")
}

/// A named size that a handler keeps to.
public struct Limit: RawRepresentable, Hashable, Sendable, Codable, CodingKeyRepresentable, CustomStringConvertible {
    /// The limit's name.
    public let rawValue: String

    /// Creates a limit from its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The limit's name.
    public var description: String { rawValue }

    /// The largest storage key, in UTF-8 bytes.
    public static let keyBytes = Limit(rawValue: "keyBytes")
    /// The largest storage value, in bytes.
    public static let valueBytes = Limit(rawValue: "valueBytes")
    /// The most mutations in one storage transaction.
    public static let transactionMutations = Limit(rawValue: "transactionMutations")
    /// The most bytes that the values of one storage transaction have together.
    public static let transactionBytes = Limit(rawValue: "transactionBytes")
    /// The most elements of one page of a listing or a read; a larger request gets a page of this size.
    public static let pageElements = Limit(rawValue: "pageElements")
    /// The longest stream name, in UTF-8 bytes.
    public static let streamNameBytes = Limit(rawValue: "streamNameBytes")
    /// The largest payload of a journal entry, in bytes.
    public static let payloadBytes = Limit(rawValue: "payloadBytes")
    /// The most entries in one append.
    public static let appendEntries = Limit(rawValue: "appendEntries")
    /// The most bytes that the payloads of one append have together.
    public static let appendBytes = Limit(rawValue: "appendBytes")
    /// The largest snapshot, in bytes.
    public static let snapshotBytes = Limit(rawValue: "snapshotBytes")
    /// The largest payload of an envelope, in bytes.
    public static let envelopeBytes = Limit(rawValue: "envelopeBytes")
}

/// What a handler declares: features beyond the base contract, and limits.
public struct Capabilities: Sendable, Hashable, Codable {
    /// The features that the handler has.
    public var features: Set<Capability>

    /// The limits that the handler keeps to; a limit that is absent is not set by the handler.
    public var limits: [Limit: Int]

    /// Creates a declaration.
    ///
    /// - Parameters:
    ///   - features: The features that the handler has.
    ///   - limits: The limits that the handler keeps to.
    public init(_ features: Set<Capability> = [], limits: [Limit: Int] = [:]) {
        self.features = features
        self.limits = limits
    }

    /// Whether the handler declares `capability`.
    public func contains(_ capability: Capability) -> Bool {
        features.contains(capability)
    }

    /// The declared value of `limit`, or the largest integer where none is declared.
    public func limit(_ limit: Limit) -> Int {
        limits[limit] ?? .max
    }
}
