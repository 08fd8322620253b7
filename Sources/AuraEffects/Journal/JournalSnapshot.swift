/// The state of a stream up to some entry, as its application saved it.
public struct JournalSnapshot: Sendable, Hashable, Codable {
    /// The stream.
    public var stream: StreamName

    /// How many of the stream's entries the snapshot stands for, in this journal: the revision to go on reading from.
    public var revision: Revision

    /// What the snapshot stands for in any journal: for each origin the highest sequence among its covered entries
    /// of the stream.
    ///
    /// The handler fills it in when a snapshot is saved.
    public var covers: [OriginID: UInt64]

    /// The state, in the application's own encoding.
    public var state: [UInt8]

    /// What the journal holds in the state's place, where a handler decrypted the state: that is what travels to other journals.
    ///
    /// Handlers fill it in when a snapshot is read, and ignore it when one is saved.
    public var storedState: [UInt8]?

    /// Creates a snapshot to save.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - revision: The revision after the last entry that the state includes.
    ///   - state: The state, in the application's own encoding.
    ///   - covers: What it stands for in any journal; a handler computes it when the snapshot is saved.
    public init(stream: StreamName, revision: Revision, state: [UInt8], covers: [OriginID: UInt64] = [:]) {
        self.stream = stream
        self.revision = revision
        self.state = state
        self.covers = covers
    }

    /// Whether the snapshot stands for the entry of this origin and sequence, given that it is one of the stream's.
    public func covers(origin: OriginID, sequence: UInt64) -> Bool {
        sequence <= covers[origin] ?? 0
    }
}
