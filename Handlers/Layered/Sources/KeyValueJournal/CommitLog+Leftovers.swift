internal import AuraEffects
internal import AuraRuntime

/// What a commit has besides its item is noted before it is stored, and the note is removed once the item is there and nothing else is:
/// who is cut short in between leaves the note, by which others find what belongs to no commit.
extension CommitLog {
    private var notes: String { "\(prefix)notes" }

    /// Notes what is about to be stored beside the item of a commit, or to be removed.
    func makeNote(
        of number: UInt64,
        _ id: EntryID,
        parts: Parts?
    ) async throws(EffectError) -> ItemKey {
        var note = Item(["number": .integer(Int64(bitPattern: number)), "id": .text(id.description)])
        note.parts = parts
        return try await store(note)
    }

    /// Notes what is about to be stored beside the item of a checkpoint, or to be removed.
    func makeNote(ofCheckpoint parts: Parts) async throws(EffectError) -> ItemKey {
        var note = Item([:])
        note.parts = parts
        return try await store(note)
    }

    private func store(_ note: Item) async throws(EffectError) -> ItemKey {
        let key = ItemKey(notes, EntryID(time: time, random: random).description)
        try await table.put(note, to: key)
        return key
    }

    /// Removes a note that has served.
    func removeNote(_ key: ItemKey?) async throws(EffectError) {
        if let key { try await table.remove(key) }
    }

    /// Removes what commits that did not come about have left, and what others no longer need.
    ///
    /// - Parameter age: How old the notes are at least that are looked at: by then nobody is at work on what they are about.
    /// - Throws: What the table and the bucket throw.
    func removeLeftovers(olderThan age: Duration) async throws(EffectError) {
        let now = time.now.nanosecondsSinceEpoch / 1_000_000
        let limit = max(0, now - age.nanoseconds / 1_000_000)
        let last = EntryID(rawValue: UInt128(limit) << 80).description
        var token: PageToken?
        repeat {
            let query = ItemQuery(notes, .range(from: "0", before: last))
            let page = try await table.query(query, after: token, limit: Self.pageSize, consistency: .strong)
            for note in page.items {
                if try await settle(note) { try await table.remove(note.key) }
            }
            token = page.next
        } while token != nil
    }

    /// Removes what a note is about as far as the commit of its number does not need it.
    ///
    /// - Returns: Whether the note has served.
    private func settle(_ note: StoredItem) async throws(EffectError) -> Bool {
        guard case .integer(let place) = note.attributes["number"], let id = note.item.commitID else {
            let checkpoint = try await get(checkpointKey, in: "compact")
            if let parts = note.item.parts, checkpoint?.item.parts != parts { try await remove(parts) }
            return true
        }
        let found = try await stored(UInt64(bitPattern: place), in: "compact")
        // What cannot be read may need all of it.
        if let found, found.numbered.commit == nil || !found.numbered.isSound { return false }
        if let parts = note.item.parts, found?.item.item.parts != parts { try await remove(parts) }
        let commit = found?.numbered.commit.flatMap { $0.id == id ? $0 : nil }
        try await payloads?
            .removeAll(of: id) { slot in
                commit?.hasObject(slot) ?? false
            }
        return true
    }

    /// Removes what a commit was to have besides its item, which is not in the log.
    func discard(_ prepared: Prepared) async throws(EffectError) {
        if let parts = prepared.item.parts { try await remove(parts) }
        if prepared.note != nil { try await payloads?.removeAll(of: prepared.commit.id) { _ in false } }
        try await removeNote(prepared.note)
    }
}
