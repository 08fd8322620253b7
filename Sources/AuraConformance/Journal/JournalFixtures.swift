internal import AuraEffects

/// The largest declared limit that a law fills.
let reachableBytes = 64 << 20

extension JournalEntry.Draft {
    /// A draft whose id and payload are made from its number.
    static func numbered(_ number: Int, kind: EntryKind = "counted/1", _ text: String? = nil) -> JournalEntry.Draft {
        JournalEntry.Draft(id: .numbered(number), kind: kind, payload: Array((text ?? "entry \(number)").utf8))
    }
}

extension [JournalEntry.Draft] {
    static func numbered(_ numbers: Range<Int>) -> [JournalEntry.Draft] {
        numbers.map { .numbered($0) }
    }
}

extension EntryID {
    /// An id in the layout of a UUID of version 7 whose millisecond is a number.
    static func numbered(_ number: Int) -> EntryID {
        EntryID(rawValue: UInt128(number) << 80 | 7 << 76 | 2 << 62 | UInt128(number))
    }
}

/// What of an entry is the same in every journal that holds it.
struct EntryContent: Hashable {
    var header: JournalEntry.Header
    /// Of the payload as it is held: one journal may decrypt what it reads, and what travels is not.
    var payloadDigest: SHA256Digest
    var isCompacted: Bool
    var hash: SHA256Digest

    init(_ entry: JournalEntry) {
        header = entry.header
        payloadDigest = entry.payloadDigest
        isCompacted = entry.payload == nil
        hash = entry.hash
    }
}

extension JournalEffects {
    /// Every entry in the order of positions, read in pages.
    func everything(pageSize: Int = 100) async throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        while true {
            let page = try await readAll(after: entries.last?.position ?? .start, limit: pageSize)
            if page.isEmpty { return entries }
            entries += page
        }
    }

    /// Every entry of a stream, read in pages.
    func wholeStream(_ stream: StreamName, pageSize: Int = 100) async throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        while true {
            let from = entries.last.map(\.revision.next) ?? .first
            let page = try await read(stream, from: from, limit: pageSize)
            if page.isEmpty { return entries }
            entries += page
        }
    }

    func onlyOrigin() async throws -> OriginID {
        let heads = try await frontier().heads
        try expectEqual(heads.count, 1, "the number of origins")
        return try require(heads.keys.first, "the origin")
    }

    /// Fails unless the journal holds exactly these entries.
    func expectUnchanged(
        since before: [JournalEntry],
        _ what: String,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        let now = try await everything()
        try expectEqual(now, before, "the entries after \(what)", fileID: fileID, line: line)
    }

    /// Fails unless a verification finds nothing wrong and counts every entry.
    func expectClean(_ what: String, fileID: String = #fileID, line: Int = #line) async throws {
        let report = try await verify()
        let count = try await everything().count
        let frontier = try await frontier()
        try expectEqual(report.problems, [], "what a verification finds \(what)", fileID: fileID, line: line)
        try expectEqual(report.checkedEntries, count, "the entries verified \(what)", fileID: fileID, line: line)
        try expectEqual(report.frontier, frontier, "the frontier verified \(what)", fileID: fileID, line: line)
    }
}

extension JournalSubscription {
    /// The next `count` entries, or a failure if they do not come.
    func first(_ count: Int, fileID: String = #fileID, line: Int = #line) async throws -> [JournalEntry] {
        try await within(Patience.step, "waiting for \(count) entries", fileID: fileID, line: line) {
            var entries: [JournalEntry] = []
            var iterator = makeAsyncIterator()
            while entries.count < count {
                entries.append(try require(await iterator.next(), "the subscription's next entry"))
            }
            return entries
        }
    }
}

/// Fails unless each stream's revisions are 0, 1, 2 … in the order of positions, and positions strictly increase.
func expectOrderly(_ entries: [JournalEntry], fileID: String = #fileID, line: Int = #line) throws {
    var next: [StreamName: Revision] = [:]
    var position = Position.start
    for entry in entries {
        let expected = next[entry.stream] ?? .first
        let place = "the revision at position \(entry.position) of '\(entry.stream)'"
        try expectEqual(entry.revision, expected, place, fileID: fileID, line: line)
        next[entry.stream] = entry.revision.next
        try expect(
            entry.position > position,
            "the position \(entry.position) does not come after \(position)",
            fileID: fileID,
            line: line
        )
        position = entry.position
    }
}
