internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

extension LogFollower {
    /// A commit as it was read, of which payloads may be other ones than were stored.
    private struct Read {
        var number: UInt64
        var commit: Commit
        var isSound: Bool
    }

    /// Entries with their payloads, up to the first one whose payload is damaged.
    ///
    /// - Returns: The entries; `nil` where a payload is gone that was there when the index was looked at.
    /// - Throws: `corrupted` where the first one's payload is damaged; what keeps the table and the bucket from being read.
    func filled(_ found: [JournalIndex.Entry], in operation: String) async throws(EffectError) -> [JournalEntry]? {
        var entries: [JournalEntry] = []
        entries.reserveCapacity(found.count)
        var last: Read?
        for element in found {
            guard !element.isCompacted else {
                entries.append(element.entry)
                continue
            }
            do throws(EffectError) {
                guard !element.isLost else { throw index { $0.lost(element.commit, in: operation) } }
                let read: Read
                if let last, last.number == element.commit {
                    read = last
                } else {
                    read = try await commit(element.commit, behind: found, in: operation)
                    last = read
                }
                guard let payload = try await payload(of: element, in: read, operation) else { return nil }
                var entry = element.entry
                entry.body = .payload(payload)
                entries.append(entry)
            } catch {
                guard error.code == .corrupted, !entries.isEmpty else { throw error }
                return entries
            }
        }
        return entries
    }

    private func payload(
        of element: JournalIndex.Entry,
        in read: Read,
        _ operation: String
    ) async throws(EffectError) -> [UInt8]? {
        guard read.commit.entries.indices.contains(element.slot) else {
            throw damaged(element.entry, operation)
        }
        let logged = read.commit.entries[element.slot]
        if case .payload(let payload) = logged.entry.body {
            guard read.isSound || SHA256.hash(payload) == element.digest else {
                throw damaged(element.entry, operation)
            }
            return payload
        }
        guard logged.isObject else {
            guard read.isSound else { throw damaged(element.entry, operation) }
            return nil
        }
        guard let payloads = log.payloads else {
            throw log.errors.error(
                .unsupported,
                in: operation,
                "The payload of entry \(element.entry.id) is an object, and the journal has no bucket: set 'objects'."
            )
        }
        do throws(EffectError) {
            return try await payloads.payload(element.slot, of: read.commit.id, logged, in: operation)
        } catch {
            guard error.code == .corrupted else { throw error }
            // Somebody may have compacted it away since the index was looked at.
            try await catchUp(in: operation)
            guard index({ $0.isCompacted(element) }) else { throw error }
            return nil
        }
    }

    private func damaged(_ entry: JournalEntry, _ operation: String) -> EffectError {
        log.errors.error(
            .corrupted,
            in: operation,
            "The payload of entry \(entry.id) of the stream \(HandlerErrors.quote(entry.stream.text)) is damaged: restore the table."
        )
    }

    /// A snapshot with its state.
    ///
    /// - Returns: The snapshot; `nil` where a later one has taken its place meanwhile.
    func filled(_ kept: JournalIndex.Snapshot, in operation: String) async throws(EffectError) -> JournalSnapshot? {
        let read = try await commit(kept.commit, behind: [], in: operation)
        guard read.isSound else { throw log.damaged(kept.commit, operation) }
        let snapshots = read.commit.snapshots
        guard snapshots.indices.contains(kept.slot), !snapshots[kept.slot].isDropped else { return nil }
        var snapshot = kept.snapshot
        snapshot.state = snapshots[kept.slot].snapshot.state
        return snapshot
    }

    private func commit(
        _ number: UInt64,
        behind found: [JournalIndex.Entry],
        in operation: String
    ) async throws(EffectError) -> Read {
        if let commit = cache.withLock({ $0[number] }) { return Read(number: number, commit: commit, isSound: true) }
        // Where most of what follows is wanted too, one request brings it.
        let wanted = Set(found.lazy.map(\.commit).filter { $0 > number && $0 <= number + 64 })
        if wanted.count >= 16 {
            let (commits, _) = try await log.commits(after: number - 1, in: operation)
            cache.withLock { cache in
                for numbered in commits where numbered.isSound {
                    if let commit = numbered.commit { cache.insert(commit, numbered.number) }
                }
            }
            if let first = commits.first { return try read(first, operation) }
        }
        guard let (numbered, _) = try await log.stored(number, in: operation) else {
            throw log.damaged(number, operation)
        }
        if numbered.isSound, let commit = numbered.commit { cache.withLock { $0.insert(commit, number) } }
        return try read(numbered, operation)
    }

    private func read(_ numbered: CommitLog.Numbered, _ operation: String) throws(EffectError) -> Read {
        guard let commit = numbered.commit else { throw log.damaged(numbered.number, operation) }
        return Read(number: numbered.number, commit: commit, isSound: numbered.isSound)
    }
}
