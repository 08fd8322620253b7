internal import AuraEffects

/// Which entries a reader wants.
struct EntryFilter: Sendable {
    var streams: Set<StreamName>
    var kinds: Set<EntryKind>

    func matches(_ entry: JournalEntry) -> Bool {
        (streams.isEmpty || streams.contains(entry.stream)) && (kinds.isEmpty || kinds.contains(entry.kind))
    }
}

/// Finds the last entries of a journal, which can be read forwards alone.
struct JournalTail {
    private static let pageSize = 1000

    let journal: any JournalEffects

    /// The last entries that a filter lets through, and the position after which later ones come.
    ///
    /// - Complexity: Some reads to find the end, then as much as the matching entries reach back.
    func last(_ limit: Int, _ filter: EntryFilter) async throws(EffectError) -> (entries: [JournalEntry], end: Position)
    {
        let end = try await end()
        var width = UInt64(clamping: limit)
        while true {
            let start = Position(rawValue: end.rawValue - min(width, end.rawValue))
            let entries = try await entries(after: start, through: end, limit, filter)
            if entries.count == limit || start == .start { return (entries, end) }
            width = width > .max / 8 ? .max : width * 8
        }
    }

    private func entries(
        after start: Position,
        through end: Position,
        _ limit: Int,
        _ filter: EntryFilter
    ) async throws(EffectError) -> [JournalEntry] {
        var kept: [JournalEntry] = []
        var position = start
        while position < end {
            let page = try await journal.readAll(after: position, limit: Self.pageSize)
            guard let last = page.last else { break }
            kept += page.filter { $0.position <= end && filter.matches($0) }
            kept.removeFirst(max(0, kept.count - limit))
            position = last.position
        }
        return kept
    }

    /// The position of the last entry: positions increase, so it can be closed in on.
    private func end() async throws(EffectError) -> Position {
        guard try await hasEntries(after: 0) else { return .start }
        var before: UInt64 = 0
        var width: UInt64 = 1
        while try await hasEntries(after: before + width) {
            before += width
            width *= 2
        }
        while width > 1 {
            width /= 2
            if try await hasEntries(after: before + width) { before += width }
        }
        return Position(rawValue: before + 1)
    }

    private func hasEntries(after position: UInt64) async throws(EffectError) -> Bool {
        try await !journal.readAll(after: Position(rawValue: position), limit: 1).isEmpty
    }
}
