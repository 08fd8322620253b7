internal import AuraEffects
internal import AuraRuntime

/// Reads the entries of a journal beyond a frontier, page by page, and verifies them.
actor PageReader {
    /// The most entries of a page; the journal may give fewer.
    private static let pageSize = 10_000

    private let journal: any JournalEffects
    private let errors: HandlerErrors
    private let operation: String
    private let end: JournalFrontier?
    private var chain: Chain
    /// The page after the last one, which was read while that one was checked.
    private var following: JournalBatch?

    /// Begins right after `start`, and leaves out what lies beyond `end`; errors name `operation`.
    init(
        _ journal: any JournalEffects,
        beyond start: JournalFrontier = JournalFrontier(),
        upTo end: JournalFrontier? = nil,
        for operation: String
    ) {
        self.journal = journal
        self.end = end
        self.operation = operation
        errors = HandlerErrors(JournalEffect.self, handler: "")
        chain = Chain(from: start)
    }

    /// The next page; `nil` after the last one.
    ///
    /// - Throws: `corrupted` where an entry's hash does not follow from the one before.
    func next() async throws(EffectError) -> JournalBatch? {
        while true {
            var page = try await takeFollowing()
            if page.entries.isEmpty { return nil }
            let reached = page.hasMore ? chain.frontier(after: page) : nil
            async let ahead = readAhead(beyond: reached)
            let brokenIndex = chain.follow(&page)
            let following = await ahead
            if let brokenIndex { throw broken(page.entries[brokenIndex]) }
            self.following = try following?.get()
            let isBeyond = { [end] (entry: JournalEntry) in entry.sequence > end?.sequence(of: entry.origin) ?? .max }
            if page.entries.contains(where: isBeyond) { page.entries.removeAll(where: isBeyond) }
            if !page.entries.isEmpty { return page }
            if !page.hasMore { return nil }
        }
    }

    private func takeFollowing() async throws(EffectError) -> JournalBatch {
        guard let page = following else { return try await read(beyond: chain.frontier).get() }
        following = nil
        return page
    }

    /// Runs beside the check of the page before.
    @concurrent
    private nonisolated func readAhead(
        beyond frontier: JournalFrontier?
    ) async -> Result<JournalBatch, EffectError>? {
        guard let frontier else { return nil }
        return await read(beyond: frontier)
    }

    private nonisolated func read(beyond frontier: JournalFrontier) async -> Result<JournalBatch, EffectError> {
        await attempt { () throws(EffectError) in
            try await journal.entries(beyond: frontier, limit: Self.pageSize)
        }
    }

    private func broken(_ entry: JournalEntry) -> EffectError {
        errors.error(
            .corrupted,
            in: operation,
            "Entry \(entry.sequence) of origin \(entry.origin) does not follow from the one before it: it was altered in the "
                + "journal that is read. Verify that journal."
        )
    }
}
