internal import AuraEffects

extension JournalEffects {
    /// The position after which the journal has nothing yet, found by a few reads of one entry.
    ///
    /// - Parameter known: A position that is not beyond the end.
    /// - Returns: The position.
    /// - Throws: ``EffectError`` of the journal.
    func end(after known: Position) async throws(EffectError) -> Position {
        guard try await hasEntry(after: known.rawValue) else { return known }
        // Mostly positions have no gaps, and the last one is the number of entries.
        let count = try await frontier().heads.values.reduce(UInt64(0)) { $0 &+ $1.sequence }
        var low = known.rawValue
        if count > low + 1, try await hasEntry(after: count - 1) { low = count - 1 }
        var high = max(low + 1, count)
        while try await hasEntry(after: high) {
            low = high
            high = min(UInt64(Int64.max), 2 * high)
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try await hasEntry(after: middle) { low = middle } else { high = middle }
        }
        return Position(rawValue: high)
    }

    private func hasEntry(after position: UInt64) async throws(EffectError) -> Bool {
        try await !readAll(after: Position(rawValue: position), limit: 1).isEmpty
    }
}
