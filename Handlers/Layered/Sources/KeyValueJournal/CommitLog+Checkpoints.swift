internal import AuraEffects
internal import AuraRuntime

extension CommitLog {
    var checkpointKey: ItemKey { ItemKey("\(prefix)journal", "checkpoint") }

    /// The last checkpoint; `nil` where there is none that can be read.
    func checkpoint() async throws(EffectError) -> Checkpoint? {
        var known: CloudRevision?
        while let item = try await get(checkpointKey, in: "open"), item.revision != known {
            known = item.revision
            guard case .text(let hash) = item.attributes["hash"] else { return nil }
            // Its parts may have been replaced since the item was read: then the item names others by now.
            guard let bytes = try await bytes(in: item.item.parts, for: "open") else { continue }
            guard SHA256.hash(bytes).description == hash, let checkpoint = Checkpoint(bytes) else { return nil }
            // A table that was restored in part may lack what the checkpoint tells of.
            return try await get(key(of: checkpoint.head), in: "open") == nil ? nil : checkpoint
        }
        return nil
    }

    /// Stores a checkpoint in the place of an earlier one; where another writer does so too, one of both stays.
    func put(_ checkpoint: Checkpoint) async throws(EffectError) {
        let stored = try await table.get(checkpointKey, consistency: .strong)
        if case .integer(let head) = stored?.attributes["head"], UInt64(bitPattern: head) >= checkpoint.head { return }
        let bytes = checkpoint.bytes
        let parts = makeParts(of: bytes)
        var notes = [try await makeNote(ofCheckpoint: parts)]
        if let old = stored?.item.parts { notes.append(try await makeNote(ofCheckpoint: old)) }
        try await put(bytes, in: parts)
        var item = Item([
            "head": .integer(Int64(bitPattern: checkpoint.head)), "hash": .text(SHA256.hash(bytes).description),
        ])
        item.parts = parts
        try await table.put(item, to: checkpointKey, if: stored.map { .matches($0.revision) } ?? .absent)
        if let old = stored?.item.parts { try await remove(old) }
        for note in notes { try await removeNote(note) }
    }
}
