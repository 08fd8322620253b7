internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var compaction: [JournalDefect] {
        [
            JournalDefect(
                "a stream is compacted once, and later compactions drop nothing",
                breaks: "a compaction drops payloads and keeps headers"
            ) { journal, _ in
                let compacted = Mutexed<Set<StreamName>>([])
                journal.compact = { base, end throws(EffectError) in
                    if compacted.withLock({ $0.contains(end.stream) }) { return }
                    try await base.compact(end.stream, before: end.revision)
                    compacted.withLock { _ = $0.insert(end.stream) }
                }
            },
            JournalDefect(
                "a snapshot at a stream's end drops its first payload",
                breaks: "payloads stay where nobody asks for a compaction"
            ) { journal, _ in
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    try await base.saveSnapshot(snapshot)
                    let rest = try await base.read(snapshot.stream, from: snapshot.revision, limit: 1, backwards: false)
                    guard rest.isEmpty, snapshot.revision > .first, base.capabilities.contains(.compaction) else {
                        return
                    }
                    try await base.compact(snapshot.stream, before: Revision(rawValue: 1))
                }
            },
            JournalDefect(
                "a verification does not count what was compacted since the journal was opened",
                breaks: "a compaction leaves chain and frontier as they were"
            ) { journal, _ in
                let hasCompacted = Mutexed(false)
                journal.compact = { base, end throws(EffectError) in
                    try await base.compact(end.stream, before: end.revision)
                    hasCompacted.withLock { $0 = true }
                }
                journal.verify = { base, _ throws(EffectError) in
                    var report = try await base.verify()
                    if hasCompacted.current { report.checkedEntries -= 1 }
                    return report
                }
            },
            JournalDefect(
                "a read backwards from below a compaction finds nothing",
                breaks: "reading below a compaction throws compacted"
            ) { journal, _ in
                journal.read = { base, read throws(EffectError) in
                    try await base.read(read) { read.backwards }
                }
            },
            JournalDefect(
                "a wholly compacted stream is read from its first entry like an empty one",
                breaks: "a wholly compacted stream goes on at its end"
            ) { journal, _ in
                journal.read = { base, read throws(EffectError) in
                    try await base.read(read) { () throws(EffectError) in
                        try await base.read(read.stream, from: nil, limit: 1, backwards: true).isEmpty
                    }
                }
            },
            JournalDefect(
                "the payload is not compared under a compacted id",
                breaks: "ids of compacted entries are still known"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.append(appends)
                    } catch {
                        guard error.code == .conflict, appends.count == 1, let draft = appends[0].drafts.first else {
                            throw error
                        }
                        let entries = try await base.readAll(after: .start, limit: .max)
                        let known = entries.first { $0.id == draft.id && $0.kind == draft.kind && $0.payload == nil }
                        guard let known else { throw error }
                        return [AppendReceipt(stream: appends[0].stream, items: [known.item])]
                    }
                }
            },
            JournalDefect(
                "a compaction beyond the snapshot goes as far as the snapshot",
                breaks: "a compaction that no snapshot covers is refused and drops nothing"
            ) { journal, _ in
                journal.compact = { base, end throws(EffectError) in
                    var revision = end.revision
                    if !end.stream.text.isEmpty, let kept = try await base.latestSnapshot(of: end.stream)?.revision {
                        revision = min(revision, kept)
                    }
                    try await base.compact(end.stream, before: revision)
                }
            },
            JournalDefect(
                "a compaction below an earlier one loses the snapshot",
                breaks: "a compaction repeated or below an earlier one changes nothing"
            ) { journal, _ in
                let state = Mutexed<(floor: Revision, hasLost: Bool)>((.first, false))
                journal.compact = { base, end throws(EffectError) in
                    try await base.compact(end.stream, before: end.revision)
                    state.withLock { state in
                        if end.revision < state.floor { state.hasLost = true }
                        state.floor = max(state.floor, end.revision)
                    }
                }
                journal.latestSnapshot = { base, stream throws(EffectError) in
                    state.current.hasLost ? nil : try await base.latestSnapshot(of: stream)
                }
            },
            JournalDefect(
                "a subscription delivers compacted entries with an empty payload",
                breaks: "a subscription delivers compacted entries without their payload"
            ) { journal, _ in
                journal.nextPage = { base, position throws(EffectError) in
                    var page = try await base.nextPage(after: position)
                    for index in page.indices where page[index].payload == nil { page[index].body = .payload([]) }
                    return page
                }
            },
            JournalDefect(
                "a reopened journal reads a compacted stream as if it began after the compaction",
                breaks: "compactions are kept over a reopening"
            ) { journal, opening in
                guard case .reopened = opening else { return }
                journal.read = { base, read throws(EffectError) in
                    try await base.read(read) { true }
                }
            },
        ]
    }
}

extension SoundJournal {
    /// Reads, and finds nothing instead of a compaction where `isBroken` says so.
    fileprivate func read(
        _ read: BrokenJournal.Read,
        where isBroken: () async throws(EffectError) -> Bool
    ) async throws(EffectError) -> [JournalEntry] {
        do throws(EffectError) {
            return try await self.read(
                read.stream,
                from: read.revision,
                limit: read.limit,
                backwards: read.backwards
            )
        } catch {
            guard error.code == .compacted, try await isBroken() else { throw error }
            return []
        }
    }
}
