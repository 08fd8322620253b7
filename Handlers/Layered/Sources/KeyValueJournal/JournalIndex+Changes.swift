internal import AuraEffects
internal import AuraRuntime

/// What a change other than an append comes to, judged against what is known.
struct ChangeJudgement {
    /// The last commit that was known.
    var head: UInt64
    /// What is to be committed; `nil` where nothing changes.
    var commit: Commit?
    var answer: JournalWork.Answer
}

extension JournalIndex {
    /// Judges a merge.
    func judge(_ batch: JournalBatch, id: EntryID) throws(EffectError) -> ChangeJudgement {
        let plan = try MergePlan(batch, into: origin, known: self, errors: errors)
        let receipt = MergeReceipt(added: plan.added.count, known: plan.knownCount)
        var judgement = ChangeJudgement(head: head, answer: .merged(receipt))
        guard !plan.added.isEmpty || !plan.snapshots.isEmpty else { return judgement }
        var commit = Commit(id: id, first: nextPosition)
        var counts: [StreamName: UInt64] = [:]
        commit.entries = plan.added.map { added in
            var entry = added
            let revision = counts[entry.stream] ?? UInt64(streams[entry.stream]?.indices.count ?? 0)
            entry.revision = Revision(rawValue: revision)
            counts[entry.stream] = revision + 1
            return Commit.Entry(entry: entry, digest: entry.payloadDigest)
        }
        commit.snapshots = plan.snapshots.map { snapshot in
            var local = snapshot
            // Its revision follows from the entries that it covers here.
            local.revision = .first
            return Commit.Snapshot(snapshot: local)
        }
        judgement.commit = commit
        return judgement
    }

    /// Judges the saving of a snapshot.
    func judge(_ snapshot: JournalSnapshot, id: EntryID) throws(EffectError) -> ChangeJudgement {
        let name = HandlerErrors.quote(snapshot.stream.text)
        let stream = streams[snapshot.stream] ?? Stream()
        guard snapshot.revision.rawValue <= UInt64(stream.indices.count) else {
            let message =
                "The snapshot stands for \(snapshot.revision) entries but the stream \(name) has \(stream.indices.count)."
            throw errors.error(.invalidArgument, in: "saveSnapshot", message)
        }
        if let kept = stream.snapshot?.snapshot, kept.revision > snapshot.revision {
            let message =
                "A snapshot of the stream \(name) at revision \(kept.revision) is kept, later than \(snapshot.revision)."
            throw errors.error(.preconditionFailed, in: "saveSnapshot", message)
        }
        let count = Int(snapshot.revision.rawValue)
        // What merging brought in compacted may lie above a gap: its state is in the kept snapshot alone.
        guard stream.indices[count...].allSatisfy({ !entries[$0].isCompacted }) else {
            let message =
                "The stream \(name) has compacted entries beyond revision \(snapshot.revision): save a snapshot that "
                + "stands for them too."
            throw errors.error(.preconditionFailed, in: "saveSnapshot", message)
        }
        var complete = snapshot
        complete.covers = [:]
        complete.storedState = nil
        // An origin's entries stand in a stream in the order of their sequence, so the last one counts.
        for index in stream.indices[..<count] {
            complete.covers[entries[index].entry.origin] = entries[index].entry.sequence
        }
        let commit = Commit(id: id, first: nextPosition, snapshots: [Commit.Snapshot(snapshot: complete)])
        return ChangeJudgement(head: head, commit: commit, answer: .done)
    }

    /// Judges a compaction.
    func judge(
        compacting name: StreamName,
        before revision: Revision,
        id: EntryID
    ) throws(EffectError) -> ChangeJudgement {
        var judgement = ChangeJudgement(head: head, answer: .done)
        guard revision > .first else { return judgement }
        guard let stream = streams[name], let kept = stream.snapshot, kept.snapshot.revision >= revision else {
            throw errors.error(
                .preconditionFailed,
                in: "compact",
                "No snapshot of the stream \(HandlerErrors.quote(name.text)) covers its entries below revision "
                    + "\(revision): save one first."
            )
        }
        let isNew = stream.indices[..<Int(revision.rawValue)].contains { !entries[$0].isCompacted }
        guard isNew else { return judgement }
        let compaction = Commit.Compaction(stream: name, before: revision)
        judgement.commit = Commit(id: id, first: nextPosition, compactions: [compaction])
        return judgement
    }

    /// The commits that still hold payloads of a stream's compacted entries.
    func commitsToStrip(of name: StreamName) -> [UInt64] {
        let indices = streams[name]?.indices ?? []
        return Set(indices.lazy.map { entries[$0] }.filter { $0.isCompacted && $0.hasStoredPayload }.map(\.commit))
            .sorted()
    }

    /// A commit without the payloads that were compacted away and the states that later snapshots replaced.
    func stripped(_ commit: Commit, _ number: UInt64) -> Commit {
        var commit = commit
        for (slot, logged) in commit.entries.enumerated() {
            let name = logged.entry.stream
            let isCompacted = entry(logged.entry.id, of: logged.entry.origin, in: name)?.isCompacted ?? false
            guard isCompacted else { continue }
            commit.entries[slot].entry.body = .compacted(logged.digest)
            commit.entries[slot].isObject = false
        }
        for (slot, kept) in commit.snapshots.enumerated() {
            let current = streams[kept.snapshot.stream]?.snapshot
            guard current?.commit != number || current?.slot != slot else { continue }
            commit.snapshots[slot].isDropped = true
        }
        return commit
    }
}
