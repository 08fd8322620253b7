internal import AuraEffects
internal import AuraRuntime

extension CommitLog {
    /// A commit that is ready to be stored: what it has besides its item is there.
    struct Prepared {
        /// The commit; it says which payloads are objects.
        var commit: Commit
        var item: Item
        /// Under which it is noted that there is more than the item; `nil` where there is not.
        var note: ItemKey?
    }

    /// Stores what a commit has besides its item: large payloads as objects, and parts where it is larger than an item.
    ///
    /// That there is such is noted first: see ``removeLeftovers(olderThan:)``.
    func prepare(_ commit: Commit, _ number: UInt64) async throws(EffectError) -> Prepared {
        var commit = commit
        let large = commit.entries.indices.filter { slot in
            let logged = commit.entries[slot]
            guard !logged.isObject, let payload = logged.entry.payload else { return false }
            return payloads?.takes(payload) ?? false
        }
        for slot in large { commit.entries[slot].isObject = true }
        let bytes = CommitCoding.encode(commit)
        var item = Item(["id": .text(commit.id.description), "checksum": .integer(Self.checksum(bytes, number))])
        var note: ItemKey?
        if bytes.count <= chunkBytes {
            item.attributes["body"] = .bytes(bytes)
            if !large.isEmpty { note = try await makeNote(of: number, commit.id, parts: nil) }
        } else {
            let parts = makeParts(of: bytes)
            note = try await makeNote(of: number, commit.id, parts: parts)
            try await put(bytes, in: parts)
            item.parts = parts
        }
        for slot in large {
            try await payloads?.put(commit.entries[slot].entry.payload ?? [], of: commit.id, slot)
        }
        return Prepared(commit: commit, item: item, note: note)
    }

    /// Stores an item under a number; the errors are the table's own.
    func put(_ item: Item, _ number: UInt64, if precondition: CloudPrecondition) async throws(EffectError) {
        try await table.put(item, to: key(of: number), if: precondition)
    }
}
