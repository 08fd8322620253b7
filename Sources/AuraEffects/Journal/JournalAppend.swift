/// The entries that one append adds to one stream.
public struct StreamAppend: Sendable, Hashable, Codable {
    /// The stream.
    public var stream: StreamName
    /// The entries in their order.
    public var drafts: [JournalEntry.Draft]
    /// What the stream must look like.
    public var expecting: ExpectedRevision

    /// Creates the part of an append that goes to one stream.
    public init(_ drafts: [JournalEntry.Draft], to stream: StreamName, expecting: ExpectedRevision = .any) {
        self.stream = stream
        self.drafts = drafts
        self.expecting = expecting
    }
}

/// Says where the entries of an append went.
///
/// With a `durable` handler it also says that they are synced to disk.
public struct AppendReceipt: Sendable, Hashable, Codable {
    /// Where one entry went.
    public struct Item: Sendable, Hashable, Codable {
        /// The entry's id.
        public var id: EntryID
        /// The entry's place in its stream.
        public var revision: Revision
        /// The entry's place in the journal.
        public var position: Position

        /// Creates an item.
        public init(id: EntryID, revision: Revision, position: Position) {
            self.id = id
            self.revision = revision
            self.position = position
        }
    }

    /// The stream.
    public var stream: StreamName
    /// The entries in the order of their drafts.
    public var items: [Item]

    /// Creates a receipt.
    public init(stream: StreamName, items: [Item]) {
        self.stream = stream
        self.items = items
    }

    /// The entries' ids in the order of their drafts.
    public var ids: [EntryID] { items.map(\.id) }

    /// The last entry's place in its stream; `nil` for an append of nothing.
    public var lastRevision: Revision? { items.last?.revision }

    /// The last entry's place in the journal; `nil` for an append of nothing.
    public var lastPosition: Position? { items.last?.position }
}
