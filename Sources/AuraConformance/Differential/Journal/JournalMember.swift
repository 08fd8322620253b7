internal import AuraEffects

/// One of the journals of a side, and its entries as far as they were looked at.
struct JournalMember: Sendable {
    var journal: any JournalEffects
    private(set) var known: [(stream: StreamName, position: Position)] = []

    init(_ journal: any JournalEffects) {
        self.journal = journal
    }

    mutating func catchUp() async throws {
        while true {
            try Task.checkCancellation()
            let page = try await journal.readAll(after: known.last?.position ?? .start, limit: 1000)
            if page.isEmpty { return }
            known += page.map { ($0.stream, $0.position) }
        }
    }
}

extension JournalEffects {
    /// Up to `limit` entries of a stream, also where that takes several of the handler's pages.
    func readPages(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        isBackwards: Bool
    ) async throws -> [JournalEntry] {
        try await pages(of: limit) { last, size in
            if isBackwards, last?.revision == .first { return [] }
            let next = last.map { isBackwards ? Revision(rawValue: $0.revision.rawValue - 1) : $0.revision.next }
            return try await read(stream, from: next ?? revision, limit: size, backwards: isBackwards)
        }
    }

    /// Up to `limit` entries of all streams, also where that takes several of the handler's pages.
    func readAllPages(after position: Position, limit: Int) async throws -> [JournalEntry] {
        try await pages(of: limit) { last, size in
            try await readAll(after: last?.position ?? position, limit: size)
        }
    }

    /// Pages until there are enough entries or one is shorter than it may be.
    private func pages(
        of limit: Int,
        _ page: (_ last: JournalEntry?, _ size: Int) async throws -> [JournalEntry]
    ) async throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        while true {
            let size = limit - entries.count
            let next = try await page(entries.last, size)
            try expect(next.count <= size, "a page of limit \(size) has \(next.count) entries")
            entries += next
            let isFull = next.count == min(size, capabilities.limit(.pageElements))
            if entries.count == limit || !isFull { return entries }
        }
    }

    /// Every entry beyond a frontier in the order of positions, and the snapshots of the streams with compacted ones.
    ///
    /// Which entries come on which page is the handler's choice.
    func batch(beyond frontier: JournalFrontier, pageSize: Int) async throws -> JournalBatch {
        var frontier = frontier
        var entries: [JournalEntry] = []
        var snapshots: [StreamName: JournalSnapshot] = [:]
        while true {
            let page = try await self.entries(beyond: frontier, limit: pageSize)
            try expect(page.entries.count <= pageSize, "a page of limit \(pageSize) has \(page.entries.count) entries")
            for entry in page.entries {
                let next = frontier.sequence(of: entry.origin) + 1
                try expectEqual(entry.sequence, next, "the sequence after the frontier of an origin")
                frontier.heads[entry.origin] = .init(sequence: entry.sequence, hash: entry.hash)
            }
            entries += page.entries
            for snapshot in page.snapshots { snapshots[snapshot.stream] = snapshot }
            guard page.hasMore else { break }
            try expect(!page.entries.isEmpty, "a page has no entries, but there are more")
        }
        entries.sort { $0.position < $1.position }
        let compacted = Set(entries.filter { $0.payload == nil }.map(\.stream))
        return JournalBatch(entries: entries, snapshots: compacted.sorted().compactMap { snapshots[$0] })
    }
}

extension JournalSubscription {
    /// The next `count` entries; one that is delivered again does not count.
    func distinct(_ count: Int) async throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        var iterator = makeAsyncIterator()
        while entries.count < count {
            let entry = try require(await iterator.next(), "the subscription's next entry")
            if let last = entries.last, entry.position <= last.position { continue }
            entries.append(entry)
        }
        return entries
    }
}
