public import AuraEffects

/// An operation on a journal that a ``DifferentialTest`` compares.
///
/// Journals are numbered: 0 is the one under test, 1 and 2 are its peers, which the reference's harness made. Entries'
/// ids are small numbers.
public enum JournalOperation: Sendable, Hashable {
    /// Appends to several streams.
    case append([Part])
    /// Reads a stream.
    case read(StreamName, from: Place? = nil, limit: Int, backwards: Bool = false)
    /// Looks an entry up by its id.
    case entry(StreamName, id: Int)
    /// Reads entries of all streams.
    case readAll(after: Start = .start, limit: Int)
    /// Subscribes and takes every entry that there is.
    case subscribe(after: Start = .start)
    /// Saves a snapshot.
    case saveSnapshot(StreamName, at: Place, CountedBytes)
    /// Fetches the kept snapshot.
    case latestSnapshot(StreamName)
    /// Compacts a stream.
    case compact(StreamName, before: Place)
    /// Fetches the frontier, and compares its root hash with the peers'.
    case frontier
    /// Fetches all entries beyond a frontier, page by page.
    case entries(beyond: Known = .nothing, pageSize: Int)
    /// Brings entries from one journal into another.
    case transfer(JournalTransfer)
    /// Verifies the journal.
    case verify
    /// Reopens the subject.
    case reopen
    /// Crashes the subject and opens what is left.
    case crash
    /// Does an operation on a peer.
    indirect case atPeer(Int, JournalOperation)

    /// What an append adds to one stream.
    public struct Part: Sendable, Hashable {
        /// The stream.
        public var stream: StreamName
        /// The entries.
        public var drafts: [Draft]
        /// What the stream must look like.
        public var expecting: Expectation

        /// Creates the part of an append that goes to one stream.
        public init(to stream: StreamName, _ drafts: [Draft], expecting: Expectation = .any) {
            self.stream = stream
            self.drafts = drafts
            self.expecting = expecting
        }
    }

    /// An entry to append.
    public struct Draft: Sendable, Hashable {
        /// The number that its id is made from.
        public var id: Int
        /// The payload.
        public var payload: CountedBytes
        /// The kind.
        public var kind: EntryKind

        /// Creates an entry to append.
        public init(_ id: Int, _ payload: CountedBytes = .counting(0), kind: EntryKind = "k") {
            self.id = id
            self.payload = payload
            self.kind = kind
        }
    }

    /// What an append expects.
    public enum Expectation: Sendable, Hashable {
        /// Nothing.
        case any
        /// The stream has no entry yet.
        case empty
        /// The stream's last entry stands there.
        case exactly(Place)
    }

    /// A place in a stream.
    public enum Place: Sendable, Hashable {
        /// A revision.
        case revision(UInt64)
        /// The place after the last entry, moved by a number of entries, but not before the first.
        case end(Int = 0)
    }

    /// A place in a journal.
    public enum Start: Sendable, Hashable {
        /// Before every entry.
        case start
        /// An entry in the order of positions, counted round; the start where there is none.
        case entry(Int)
        /// Beyond every position.
        case beyondAll
    }

    /// A frontier.
    public enum Known: Sendable, Hashable {
        /// An empty one.
        case nothing
        /// That of a journal.
        case frontier(of: Int)
        /// That of a journal, with other hashes.
        case forged(of: Int)
    }
}

/// Entries that go from one journal to another in a ``DifferentialTest``.
///
/// They are the ones that the receiver lacks, in the order of the sender's positions.
public struct JournalTransfer: Sendable, Hashable {
    /// The sender.
    public var sender: Int
    /// The receiver.
    public var receiver: Int
    /// Whether entries are sent that the receiver has already.
    public var repeats: Bool
    /// How many of the first entries are left out.
    public var skipping: Int
    /// The most entries that are sent.
    public var limit: Int
    /// Whether the last entry was altered on its way.
    public var isAltered: Bool

    /// Creates a transfer.
    ///
    /// - Parameters:
    ///   - sender: The number of the sender.
    ///   - receiver: The number of the receiver.
    ///   - repeats: Whether entries are sent that the receiver has already.
    ///   - skipping: How many of the first entries are left out.
    ///   - limit: The most entries that are sent.
    ///   - isAltered: Whether the last entry was altered on its way.
    public init(
        from sender: Int,
        to receiver: Int,
        repeats: Bool = false,
        skipping: Int = 0,
        limit: Int = .max,
        isAltered: Bool = false
    ) {
        self.sender = sender
        self.receiver = receiver
        self.repeats = repeats
        self.skipping = skipping
        self.limit = limit
        self.isAltered = isAltered
    }
}
