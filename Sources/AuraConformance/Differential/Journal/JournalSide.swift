internal import AuraEffects

/// A journal with its peers, and what they chose: origins, hashes, timestamps and positions.
actor JournalSide: DifferentialSide {
    private let harness: any ConformanceHarness<any JournalEffects>
    private let peers: any ConformanceHarness<any JournalEffects>
    private let isSubject: Bool
    /// Whether the subject holds other bytes than it returns.
    private let seals: Bool
    private var members: [Int: JournalMember] = [:]
    private var names: JournalNaming

    init(
        _ harness: any ConformanceHarness<any JournalEffects>,
        peers: any ConformanceHarness<any JournalEffects>,
        isSubject: Bool,
        seals: Bool
    ) {
        self.harness = harness
        self.peers = peers
        self.isSubject = isSubject
        self.seals = seals
        names = JournalNaming(seals: seals)
    }

    func answer(_ operation: JournalOperation) async -> DifferentialAnswer {
        do {
            return DifferentialAnswer(try await carryOut(operation, at: 0))
        } catch {
            return DifferentialAnswer(error)
        }
    }

    /// A journal by its number.
    private func member(_ number: Int) async throws -> JournalMember {
        if let member = members[number] { return member }
        let member = JournalMember(try await (number == 0 ? harness : peers).make())
        members[number] = member
        return member
    }

    private func carryOut(_ operation: JournalOperation, at number: Int) async throws -> String {
        var member = try await member(number)
        let journal = member.journal
        switch operation {
        case .append(let parts):
            var appends: [StreamAppend] = []
            for part in parts { appends.append(try await append(part, at: number)) }
            if seals, try await isCompacted(anyOf: appends, in: journal) { return "left out" }
            let receipts = try await journal.append(appends)
            return names.describe(receipts, at: number)
        case .read(let stream, let place, let limit, let isBackwards):
            let revision = if let place { try await revision(place, of: stream, at: number) } else { Revision?.none }
            return describe(
                try await journal.readPages(stream, from: revision, limit: limit, isBackwards: isBackwards),
                at: number
            )
        case .entry(let stream, let id):
            guard let entry = try await journal.entry(stream, id: .numbered(id)) else { return "no entry" }
            return describe([entry], at: number)
        case .readAll(let start, let limit):
            let position = try await position(start, at: number)
            return describe(try await journal.readAllPages(after: position, limit: limit), at: number)
        case .subscribe(let start):
            let position = try await position(start, at: number)
            let count = try await catchUp(number).known.count { $0.position > position }
            return describe(try await journal.subscribe(after: position).distinct(count), at: number)
        case .saveSnapshot(let stream, let place, let state):
            let revision = try await revision(place, of: stream, at: number)
            try await journal.saveSnapshot(JournalSnapshot(stream: stream, revision: revision, state: state.bytes))
            return "saved"
        case .latestSnapshot(let stream):
            return try await journal.latestSnapshot(of: stream).map { names.describe($0) } ?? "no snapshot"
        case .compact(let stream, let place):
            try await journal.compact(stream, before: revision(place, of: stream, at: number))
            return "compacted"
        case .frontier: return try await frontier(at: number)
        case .entries(let known, let pageSize):
            let batch = try await journal.batch(beyond: frontier(known), pageSize: pageSize)
            return describe(try await opened(batch, by: journal), at: number)
        case .transfer(let transfer): return try await carryOut(transfer)
        case .verify:
            let report = try await journal.verify()
            let found = report.isClean ? "clean" : "\(report.problems.count) problems: \(report.problems)"
            return "\(report.checkedEntries) entries, \(found), \(names.describe(report.frontier))"
        case .reopen, .crash:
            guard isSubject, number == 0 else { return "opened" }
            let isCrash = operation == .crash
            member.journal = try await isCrash ? harness.crashed(journal) : harness.reopened(journal)
            members[0] = member
            return "opened"
        case .atPeer(let number, let operation): return try await carryOut(operation, at: number)
        }
    }

    private func describe(_ entries: [JournalEntry], at number: Int) -> String {
        names.describe(entries, at: number)
    }

    private func describe(_ batch: JournalBatch, at number: Int) -> String {
        "\(describe(batch.entries, at: number)), \(batch.snapshots.map { names.describe($0) })"
    }

    private func append(_ part: JournalOperation.Part, at number: Int) async throws -> StreamAppend {
        let drafts = part.drafts.map { draft in
            JournalEntry.Draft(id: .numbered(draft.id), kind: draft.kind, payload: draft.payload.bytes)
        }
        let expectation: ExpectedRevision =
            switch part.expecting {
            case .any: .any
            case .empty: .empty
            case .exactly(let place): .exactly(try await revision(place, of: part.stream, at: number))
            }
        return StreamAppend(drafts, to: part.stream, expecting: expectation)
    }

    // MARK: Places

    /// A journal with all its entries known.
    private func catchUp(_ number: Int) async throws -> JournalMember {
        var member = try await member(number)
        try await member.catchUp()
        members[number] = member
        return member
    }

    private func revision(
        _ place: JournalOperation.Place,
        of stream: StreamName,
        at number: Int
    ) async throws -> Revision {
        switch place {
        case .revision(let revision): return Revision(rawValue: revision)
        case .end(let offset):
            let count = try await catchUp(number).known.count { $0.stream == stream }
            return Revision(rawValue: UInt64(max(0, count + offset)))
        }
    }

    private func position(_ start: JournalOperation.Start, at number: Int) async throws -> Position {
        switch start {
        case .start: return .start
        case .beyondAll: return Position(rawValue: .max)
        case .entry(let index):
            let known = try await catchUp(number).known
            return known.isEmpty ? .start : known[index % known.count].position
        }
    }

    // MARK: Replication

    private func frontier(_ known: JournalOperation.Known) async throws -> JournalFrontier {
        switch known {
        case .nothing: return JournalFrontier()
        case .frontier(let number): return try await member(number).journal.frontier()
        case .forged(let number):
            let frontier = try await member(number).journal.frontier()
            return JournalFrontier(frontier.heads.mapValues { .init(sequence: $0.sequence, hash: .zero) })
        }
    }

    /// The frontier, and which peers have the same set of entries.
    private func frontier(at number: Int) async throws -> String {
        let frontier = try await member(number).journal.frontier()
        var equals: [Int] = []
        for (other, member) in members.sorted(by: { $0.key < $1.key }) where other != number {
            if try await member.journal.frontier().rootHash == frontier.rootHash { equals.append(other) }
        }
        return "\(names.describe(frontier)), the same root as \(equals)"
    }

    private func carryOut(_ transfer: JournalTransfer) async throws -> String {
        let known = transfer.repeats ? .nothing : JournalOperation.Known.frontier(of: transfer.receiver)
        let sender = try await member(transfer.sender).journal
        var batch = try await sender.batch(beyond: frontier(known), pageSize: 100)
        batch.entries = Array(batch.entries.dropFirst(transfer.skipping).prefix(transfer.limit))
        batch.snapshots.removeAll { snapshot in
            !batch.entries.contains { $0.stream == snapshot.stream && $0.payload == nil }
        }
        let sent = describe(try await opened(batch, by: sender), at: transfer.sender)
        if transfer.isAltered, let last = batch.entries.indices.last {
            if seals {
                // A payload is opened before the batch is looked at, so that of two faults it would name the other.
                let timestamp = batch.entries[last].timestamp
                batch.entries[last].timestamp = HybridTimestamp(rawValue: timestamp.rawValue + 1)
            } else {
                batch.entries[last].body = .payload(Array("altered".utf8))
            }
        }
        let receipt = try await member(transfer.receiver).journal.merge(batch)
        return "\(receipt.added) added, \(receipt.known) known of \(sent)"
    }

    // MARK: Journals that seal

    /// Whether an append repeats an id whose payload was compacted away: a journal that seals cannot compare it.
    private func isCompacted(anyOf appends: [StreamAppend], in journal: any JournalEffects) async throws -> Bool {
        for append in appends {
            for draft in append.drafts {
                do {
                    _ = try await journal.entry(append.stream, id: draft.id)
                } catch  where error.code == .compacted {
                    return true
                } catch {
                    // What else is wrong with it the append says.
                    continue
                }
            }
        }
        return false
    }

    /// A batch with its entries and snapshots as the journal reads them, where they travel sealed.
    private func opened(_ batch: JournalBatch, by journal: any JournalEffects) async throws -> JournalBatch {
        guard seals else { return batch }
        let read = try await journal.readAllPages(after: .start, limit: .max).map { ($0.hash, $0) }
        let entries = Dictionary(read) { first, _ in first }
        var opened = batch
        opened.entries = batch.entries.map { entries[$0.hash] ?? $0 }
        for (index, snapshot) in batch.snapshots.enumerated() {
            opened.snapshots[index] = try await journal.latestSnapshot(of: snapshot.stream) ?? snapshot
        }
        return opened
    }
}
