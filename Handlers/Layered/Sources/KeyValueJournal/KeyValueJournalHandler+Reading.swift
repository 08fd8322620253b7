public import AuraEffects
internal import AuraRuntime

extension KeyValueJournalHandler {
    /// Entries of a stream in the order of their revisions.
    public func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(stream, in: "read")
        let size = try validation.pageSize(for: limit, in: "read")
        return try await current(in: "read") { index throws(EffectError) in
            try index.read(stream, from: revision, limit: size, backwards: backwards)
        }
    }

    /// The entry of a stream with an id.
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try validation.errors.checkCancellation(in: "entry")
        try validation.check(stream, in: "entry")
        return try await current(in: "entry") { index throws(EffectError) in
            try index.entry(stream, id: id).map { [$0] } ?? []
        }
        .first
    }

    /// Entries of all streams in the order of their positions.
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try validation.errors.checkCancellation(in: "readAll")
        let size = try validation.pageSize(for: limit, in: "readAll")
        return try await page(after: position, limit: size, in: "readAll")
    }

    func page(
        after position: Position,
        limit: Int,
        in operation: String
    ) async throws(EffectError) -> [JournalEntry] {
        try await current(in: operation) { index throws(EffectError) in
            try index.readAll(after: position, limit: limit, in: operation)
        }
    }

    /// The last snapshot kept of a stream, or `nil`.
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try validation.errors.checkCancellation(in: "latestSnapshot")
        try validation.check(stream, in: "latestSnapshot")
        while true {
            try await catchUp(in: "latestSnapshot")
            guard let kept = follower.index({ $0.streams[stream]?.snapshot }) else { return nil }
            if let snapshot = try await follower.filled(kept, in: "latestSnapshot") { return snapshot }
        }
    }

    /// How far the journal knows each origin's entries.
    public func frontier() async throws(EffectError) -> JournalFrontier {
        try validation.errors.checkCancellation(in: "frontier")
        try await catchUp(in: "frontier")
        return follower.index { $0.frontier }
    }

    /// Entries beyond a frontier, for another journal to merge.
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try validation.errors.checkCancellation(in: "entries")
        let size = try validation.pageSize(for: limit, in: "entries")
        while true {
            try await catchUp(in: "entries")
            let found = try follower.tryIndex { index throws(EffectError) in
                try index.entries(beyond: frontier, limit: size)
            }
            guard let entries = try await follower.filled(found.entries, in: "entries") else { continue }
            var snapshots: [JournalSnapshot] = []
            for kept in found.snapshots {
                guard let snapshot = try await follower.filled(kept, in: "entries") else { break }
                snapshots.append(snapshot)
            }
            // One that was replaced meanwhile is looked up anew, and the entries with it.
            guard snapshots.count == found.snapshots.count else { continue }
            let hasMore = found.hasMore || entries.count < found.entries.count
            return JournalBatch(entries: entries, snapshots: snapshots, hasMore: hasMore)
        }
    }

    /// Reads the whole journal from the table and checks every payload, hash, chain, revision and position.
    public func verify() async throws(EffectError) -> VerificationReport {
        try validation.errors.checkCancellation(in: "verify")
        try await catchUp(in: "verify")
        var verifying = JournalVerifying()
        var position = Position.start
        var number: UInt64 = 0
        while true {
            let (commits, isEnd) = try await log.commits(after: number, in: "verify")
            for numbered in commits {
                number = numbered.number
                let isLost = follower.index { $0.lostCommits.contains(numbered.number) }
                guard let commit = numbered.commit, !isLost else {
                    verifying.note(log.damaged(number, "verify").message)
                    continue
                }
                if commit.first.rawValue > position.rawValue + 1 {
                    position = Position(rawValue: commit.first.rawValue - 1)
                    verifying.skip(to: position)
                }
                for (slot, logged) in commit.entries.enumerated() {
                    var entry = logged.entry
                    position = Position(rawValue: position.rawValue + 1)
                    entry.position = position
                    do throws(EffectError) {
                        if logged.isObject, let payloads = log.payloads {
                            entry.body = .payload(try await payloads.payload(slot, of: commit.id, logged, in: "verify"))
                        }
                    } catch {
                        guard error.code == .corrupted else { throw error }
                        verifying.note(error.message, at: position)
                    }
                    verifying.check(entry)
                }
            }
            if isEnd { break }
        }
        return verifying.finished()
    }

    // MARK: The index

    private func catchUp(in operation: String) async throws(EffectError) {
        try await follower.catchUp(in: operation)
    }

    /// What an up-to-date index finds, with the payloads.
    private func current(
        in operation: String,
        _ find: (JournalIndex) throws(EffectError) -> [JournalIndex.Entry]
    ) async throws(EffectError) -> [JournalEntry] {
        while true {
            try await catchUp(in: operation)
            let found = try follower.tryIndex { index throws(EffectError) in try find(index) }
            // A payload that was compacted away just now: the index knows it by the next look.
            if let entries = try await follower.filled(found, in: operation) { return entries }
        }
    }
}
