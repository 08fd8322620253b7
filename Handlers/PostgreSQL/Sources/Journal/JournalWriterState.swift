#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What a writer knows of the journal: its head and its streams, as long as no other process has written.
final class JournalWriterState: PostgreSQLSessionState {
    /// What is known of a stream.
    struct Stream {
        var number: Int
        var nextRevision: UInt64
        /// No id of the local origin in the stream is higher than this: a higher one is new without a look-up.
        var highestID: EntryID?
    }

    /// Bounds the memory of journals with very many streams.
    private static let cachedStreamCount = 10_000

    let connection: PostgreSQLConnection
    let names = JournalNumberNames()
    private let configuration: PostgreSQLConfiguration
    private(set) var head: JournalHead?
    private(set) var recentIDs = RecentIDs()
    private var streams: [Stream] = []
    private var streamIndices: [StreamName: Int] = [:]
    private var streamIndicesByNumber: [Int: Int] = [:]
    private var kindNumbers: [EntryKind: Int] = [:]
    private var isSetUp = false

    /// Whether another process writes at the same time: then the lock comes first.
    private(set) var isContended = false
    /// How often in a row the lock was taken and nobody had written.
    private var calmLocks = 0
    private static let calmLocksUntilTrust = 8

    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration) {
        self.connection = connection
        self.configuration = configuration
    }

    /// How long an append whose head nobody else should hold waits for it, before it goes back into the queue.
    private static let shortLockTimeout = "50ms"

    /// What every transaction of the session goes by.
    func setUp() throws(PostgreSQLFailure) {
        guard !isSetUp else { return }
        _ = try connection.run("SELECT set_config('lock_timeout', '\(Self.shortLockTimeout)', false)")
        try connection.requireSyncedCommits()
        isSetUp = true
    }

    // MARK: What is known

    /// Forgets what may be wrong: after a group that was not committed as it was judged.
    func forget() {
        head = nil
        names.forget()
        streams.removeAll(keepingCapacity: true)
        streamIndices.removeAll(keepingCapacity: true)
        streamIndicesByNumber.removeAll(keepingCapacity: true)
        kindNumbers.removeAll(keepingCapacity: true)
        recentIDs.reset(above: nil)
    }

    /// Forgets what a transaction that is rolled back has made, and takes in what is still under way.
    func abandon() {
        forget()
        while connection.isUsable, connection.batchesUnderWay > 0 {
            do throws(PostgreSQLFailure) {
                _ = try connection.receive()
            } catch {
                // What was refused is rolled back with the rest.
            }
        }
    }

    /// Begins anew with what the server says the head is.
    private func begin(with head: JournalHead) {
        streams.removeAll(keepingCapacity: true)
        streamIndices.removeAll(keepingCapacity: true)
        streamIndicesByNumber.removeAll(keepingCapacity: true)
        recentIDs.reset(above: head.highestID)
        self.head = head
    }

    /// Takes in what the server says the head is, seen together with what is looked up.
    func observe(_ head: JournalHead) {
        if let known = self.head, known.isSame(as: head) { return }
        begin(with: head)
    }

    /// Takes in the head under the lock, with the entries that others have added meanwhile; `nil` where they are too many.
    func observe(_ head: JournalHead, added: PostgreSQLResult?) {
        if let known = self.head, known.isSame(as: head) {
            calmLocks += 1
            if calmLocks >= Self.calmLocksUntilTrust { isContended = false }
            return
        }
        calmLocks = 0
        guard let added, let known = self.head, known.originNumber == head.originNumber else {
            begin(with: head)
            return
        }
        self.head = head
        for row in added.rows {
            let number = row.int(0)
            guard Int(row.int32(2)) == head.originNumber else {
                note(number, nextRevision: row.uint64(1) + 1, id: nil)
                continue
            }
            let id = EntryID(rawValue: row.uuid(3))
            recentIDs.insert(.init(stream: number, id: id))
            note(number, nextRevision: row.uint64(1) + 1, id: id)
        }
    }

    private func note(_ number: Int, nextRevision: UInt64, id: EntryID?) {
        guard let index = streamIndicesByNumber[number] else { return }
        streams[index].nextRevision = max(streams[index].nextRevision, nextRevision)
        if let id { streams[index].highestID = max(streams[index].highestID ?? id, id) }
    }

    /// Takes the lock first from now on.
    func noteContention() {
        isContended = true
        calmLocks = 0
    }

    // MARK: Streams and kinds

    /// Where what is known of a stream is kept, for ``subscript(_:)``.
    func index(of stream: StreamName) -> Int? { streamIndices[stream] }

    subscript(index: Int) -> Stream {
        get { streams[index] }
        set { streams[index] = newValue }
    }

    /// Keeps what was looked up of a stream.
    func keep(_ stream: Stream, _ name: StreamName) {
        streamIndices[name] = streams.count
        streamIndicesByNumber[stream.number] = streams.count
        streams.append(stream)
    }

    /// Drops the streams where there are too many; between groups, since a group refers to them by index.
    func trim() {
        guard streams.count > Self.cachedStreamCount else { return }
        streams.removeAll(keepingCapacity: true)
        streamIndices.removeAll(keepingCapacity: true)
        streamIndicesByNumber.removeAll(keepingCapacity: true)
    }

    func number(of kind: EntryKind) -> Int? { kindNumbers[kind] }

    func keep(_ number: Int, of kind: EntryKind) {
        kindNumbers[kind] = number
    }

    // MARK: Appending

    /// Keeps what a group will have made of the head.
    func advance(to head: JournalHead) {
        self.head = head
    }

    /// Takes note of an entry that is about to be added.
    func add(_ id: EntryID, toStreamAt index: Int) {
        recentIDs.insert(.init(stream: streams[index].number, id: id))
        streams[index].nextRevision += 1
        streams[index].highestID = max(streams[index].highestID ?? id, id)
    }

    /// Whether the local origin may have an entry with an id in a stream.
    func mayHold(_ id: EntryID, inStreamAt index: Int) -> Bool {
        let stream = streams[index]
        guard let highestID = stream.highestID, id <= highestID else { return false }
        return recentIDs.mayHold(.init(stream: stream.number, id: id))
    }
}
#endif
