internal import AuraEffects
internal import AuraRuntime

extension MemoryJournalState {
    var frontier: JournalFrontier {
        var heads: [OriginID: JournalFrontier.Head] = [:]
        for origin in origins.keys { heads[origin] = head(of: origin) }
        return JournalFrontier(heads)
    }

    func entries(beyond frontier: JournalFrontier, limit: Int) throws(EffectError) -> JournalBatch {
        var candidates: [Int] = []
        for (origin, indices) in origins {
            let first = try firstIndex(of: origin, indices, beyond: frontier)
            candidates += indices[first...].prefix(limit + 1)
        }
        // Positions rise with each origin's sequence, so the first ones are a run per origin.
        candidates.sort()
        let sent = candidates.prefix(limit).map { entries[$0] }
        let compactedStreams = Set(sent.lazy.filter { $0.payload == nil }.map(\.stream))
        let snapshots = compactedStreams.sorted().compactMap { streams[$0]?.snapshot }
        return JournalBatch(entries: sent, snapshots: snapshots, hasMore: candidates.count > limit)
    }

    /// Where an origin's run begins for a journal that has `frontier`.
    private func firstIndex(
        of origin: OriginID,
        _ indices: [Int],
        beyond frontier: JournalFrontier
    ) throws(EffectError) -> Int {
        guard let theirs = frontier.heads[origin], theirs.sequence > 0 else { return 0 }
        // A journal that is further knows what this one cannot judge; there is nothing to send it.
        guard theirs.sequence <= UInt64(indices.count) else { return indices.count }
        let known = Int(theirs.sequence)
        guard entries[indices[known - 1]].hash == theirs.hash else {
            throw errors.error(
                .conflict,
                in: "entries",
                "The chain of origin \(origin) forks at or before sequence \(known): the journals hold different entries "
                    + "of it. Verify both."
            )
        }
        return known
    }

    mutating func merge(_ batch: JournalBatch) throws(EffectError) -> MergeReceipt {
        let plan = try MergePlan(batch, into: origin, known: self, errors: errors)
        for entry in plan.added { _ = add(entry) }
        clock.observe(plan.lastTimestamp)
        for snapshot in plan.snapshots {
            var local = snapshot
            local.revision = .first
            streams[snapshot.stream, default: Stream()].snapshot = local
        }
        let changed = Set(plan.added.map(\.stream)).union(plan.snapshots.map(\.stream))
        for name in changed {
            guard var stream = streams[name] else { continue }
            raiseFloor(of: &stream)
            if var snapshot = stream.snapshot {
                raiseRevision(of: &snapshot, in: stream)
                stream.snapshot = snapshot
            }
            streams[name] = stream
        }
        return MergeReceipt(added: plan.added.count, known: plan.knownCount)
    }
}

extension MemoryJournalState: KnownEntries {
    func hash(of origin: OriginID, sequence: UInt64) -> SHA256Digest? {
        guard let indices = origins[origin], (1...UInt64(indices.count)).contains(sequence) else { return nil }
        return entries[indices[Int(sequence) - 1]].hash
    }

    func contains(_ id: EntryID, of origin: OriginID, in stream: StreamName) -> Bool {
        streams[stream]?.revisions[Stream.Name(origin: origin, id: id)] != nil
    }

    func snapshotCoverage(of stream: StreamName) -> [OriginID: UInt64]? {
        streams[stream]?.snapshot?.covers
    }

    func compactedSequences(in stream: StreamName) -> [OriginID: UInt64] {
        var sequences: [OriginID: UInt64] = [:]
        for index in streams[stream]?.indices ?? [] where entries[index].payload == nil {
            sequences[entries[index].origin] = entries[index].sequence
        }
        return sequences
    }
}
