internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Synchronization

/// A way to break a journal, and the law that must find it.
struct JournalDefect: Sendable, CustomStringConvertible {
    let description: String
    let law: String
    /// Whether the broken handler hangs, so that the law ends by its own bound.
    var hangs = false
    let make: @Sendable () -> BrokenJournal

    static let all: [JournalDefect] = [
        JournalDefect(
            description: "an append repeated by its ids is appended again",
            law: "an append repeated by its ids changes nothing and returns the first receipt"
        ) {
            var journal = BrokenJournal()
            journal.append = { [base = journal.base] appends throws(EffectError) in
                var appends = appends
                for stream in appends.indices {
                    for draft in appends[stream].drafts.indices {
                        let random = SystemRandomHandler().nextUInt64()
                        appends[stream].drafts[draft].id = EntryID(rawValue: UInt128(random))
                    }
                }
                return try await base.append(appends)
            }
            return journal
        },
        JournalDefect(
            description: "a revision is skipped",
            law: "revisions are 0, 1, 2 and so on in every stream, and positions strictly increase"
        ) {
            var journal = BrokenJournal()
            journal.entry = { entry in
                var entry = entry
                if entry.revision > .first { entry.revision = entry.revision.next }
                return entry
            }
            return journal
        },
        JournalDefect(
            description: "expectations are ignored",
            law: "an append fails and leaves nothing where its expectation does not hold"
        ) {
            var journal = BrokenJournal()
            journal.append = { [base = journal.base] appends throws(EffectError) in
                try await base.append(appends.map { StreamAppend($0.drafts, to: $0.stream, expecting: .any) })
            }
            return journal
        },
        JournalDefect(
            description: "a payload loses its last byte",
            law: "an appended entry is read back as it was written"
        ) {
            var journal = BrokenJournal()
            journal.entry = { entry in
                var entry = entry
                if let payload = entry.payload { entry.body = .payload(payload.dropLast()) }
                return entry
            }
            return journal
        },
        JournalDefect(
            description: "several streams are appended to one by one",
            law: "an append to several streams is all or nothing"
        ) {
            var journal = BrokenJournal()
            journal.append = { [base = journal.base] appends throws(EffectError) in
                var receipts: [AppendReceipt] = []
                for append in appends { receipts += try await base.append([append]) }
                return receipts
            }
            return journal
        },
        JournalDefect(
            description: "a position shows up after a later one",
            law: "a reader never finds a new entry at or below a position that it has seen"
        ) {
            var journal = BrokenJournal()
            let shown = Mutexed<Set<Position>>([])
            journal.readAll = { [base = journal.base] position, limit throws(EffectError) in
                let page = try await base.readAll(after: position, limit: limit)
                return page.filter { entry in
                    // As if this one's transaction were not committed yet when it is first asked for.
                    !entry.position.rawValue.isMultiple(of: 5) || entry == page.last || !shown.insert(entry.position)
                }
            }
            return journal
        },
        JournalDefect(
            description: "a subscription catches up and never wakes",
            law: "a waiting subscription wakes for each append",
            hangs: true
        ) {
            var journal = BrokenJournal()
            journal.subscribe = { [base = journal.base] position in
                JournalSubscription(after: position) { position throws(EffectError) in
                    let page = try await base.readAll(after: position, limit: 10)
                    if page.isEmpty { try await SystemTimeHandler().sleep(for: .seconds(3600)) }
                    return page
                }
            }
            return journal
        },
        JournalDefect(
            description: "the hash leaves out the previous one",
            law: "every entry carries its origin, that origin's sequence without gaps, and the chained hash"
        ) {
            var journal = BrokenJournal()
            journal.entry = { entry in
                var entry = entry
                entry.hash = entry.header.hash(previous: .zero, payload: entry.payloadDigest)
                return entry
            }
            return journal
        },
        JournalDefect(
            description: "a lower snapshot is passed over in silence",
            law: "a snapshot does not replace one of a higher revision"
        ) {
            var journal = BrokenJournal()
            journal.saveSnapshot = { [base = journal.base] snapshot throws(EffectError) in
                do throws(EffectError) {
                    try await base.saveSnapshot(snapshot)
                } catch {
                    guard error.code == .preconditionFailed else { throw error }
                }
            }
            return journal
        },
        JournalDefect(
            description: "a compaction drops nothing",
            law: "a compaction drops payloads and keeps headers"
        ) {
            var journal = BrokenJournal()
            journal.compact = { _, _ throws(EffectError) in }
            return journal
        },
        JournalDefect(
            description: "a compaction is carried out without being declared",
            law: "compaction that is not declared is refused as unsupported"
        ) {
            var journal = BrokenJournal()
            journal.capabilities.features.remove(.compaction)
            return journal
        },
        JournalDefect(
            description: "a merge takes what precedes a gap",
            law: "a gap in an origin's run is refused and changes nothing"
        ) {
            var journal = BrokenJournal()
            journal.merge = { [base = journal.base] batch throws(EffectError) in
                for count in (0...batch.entries.count).reversed() {
                    do throws(EffectError) {
                        return try await base.merge(JournalBatch(entries: Array(batch.entries.prefix(count))))
                    } catch {
                        guard error.code == .preconditionFailed else { throw error }
                    }
                }
                return MergeReceipt(added: 0, known: 0)
            }
            return journal
        },
    ]
}

/// A value that closures share.
final class Mutexed<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }
}

extension Mutexed<Set<Position>> {
    /// Whether the position was not in the set.
    func insert(_ position: Position) -> Bool {
        value.withLock { $0.insert(position).inserted }
    }
}
