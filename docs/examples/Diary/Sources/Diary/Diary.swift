import AuraEffects

/// Lines in the order in which they were written; it knows effects and no database.
struct Diary {
    let effects: EffectSystem

    /// Adds a line and returns once it is kept.
    func add(_ text: String) async throws(EffectError) {
        let line = JournalEntry.Draft(id: EntryID(effects), kind: "line.added/1", payload: Array(text.utf8))
        try await effects.journal.append([line], to: "diary")
    }

    /// The last lines, the latest first.
    func last(_ count: Int) async throws(EffectError) -> [String] {
        let entries = try await effects.journal.read("diary", from: nil, limit: count, backwards: true)
        return entries.map { String(decoding: $0.payload ?? [], as: UTF8.self) }
    }
}
