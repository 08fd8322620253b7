internal import AuraEffects
internal import AuraRuntime

extension Defect where Handler == any JournalEffects {
    static var replication: [JournalDefect] {
        [
            JournalDefect(
                "an origin that the other journal has wholly is sent again from its last entry on",
                breaks: "entries beyond a frontier are a run per origin"
            ) { journal, _ in
                journal.sendAgain { theirs, own in theirs.sequence == own.sequence }
            },
            JournalDefect(
                "no page says that there is more",
                breaks: "pages of entries beyond a frontier lead to the end"
            ) { journal, _ in
                journal.entries = { base, page throws(EffectError) in
                    var batch = try await base.entries(beyond: page.frontier, limit: page.limit)
                    batch.hasMore = false
                    return batch
                }
            },
            JournalDefect(
                "a frontier with many unknown origins is answered with nothing",
                breaks: "heads of origins unknown here are ignored"
            ) { journal, _ in
                journal.entries = { base, page throws(EffectError) in
                    let known = try await base.frontier()
                    let unknown = page.frontier.heads.keys.count { known.heads[$0] == nil }
                    if unknown > 10 { return JournalBatch(entries: []) }
                    return try await base.entries(beyond: page.frontier, limit: page.limit)
                }
            },
            JournalDefect(
                "an origin that the other journal knows further is sent again from its last entry on",
                breaks: "an origin that the other journal knows further has nothing to send"
            ) { journal, _ in
                journal.sendAgain { theirs, own in theirs.sequence > own.sequence }
            },
            JournalDefect(
                "the error of a head that disagrees names no origin",
                breaks: "a head that disagrees is a conflict that names the origin"
            ) { journal, _ in
                journal.entries = { base, page throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.entries(beyond: page.frontier, limit: page.limit)
                    } catch {
                        guard error.code == .conflict else { throw error }
                        throw base.errors.error(.conflict, in: "entries", "The chains fork. Verify both journals.")
                    }
                }
            },
            JournalDefect(
                "no entries are sent where none are asked for",
                breaks: "a limit of entries below 1 is refused"
            ) { journal, _ in
                journal.entries = { base, page throws(EffectError) in
                    if page.limit == 0 { return JournalBatch(entries: []) }
                    return try await base.entries(beyond: page.frontier, limit: page.limit)
                }
            },
            JournalDefect(
                "a first merge counts what its streams held before as known",
                breaks: "merged entries are the same entries, at this journal's places"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    let streams = Set(batch.entries.map(\.stream))
                    let held = try await base.readAll(after: .start, limit: .max).count { streams.contains($0.stream) }
                    var receipt = try await base.merge(batch)
                    if receipt.known == 0, receipt.added > 0 { receipt.known = held }
                    return receipt
                }
            },
            JournalDefect(
                "a merge wakes nobody",
                breaks: "merged entries wake a subscription",
                hangs: true
            ) { journal, _ in
                journal.nextPage = { base, position throws(EffectError) in
                    try await base.nextPage(after: position) { page in
                        page.contains { $0.origin == base.disk.origin }
                    }
                }
            },
            JournalDefect(
                "an id of another origin is taken for known",
                breaks: "an id known from another origin is new here"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    if appends.count == 1, appends[0].drafts.count == 1, !appends[0].stream.text.isEmpty {
                        let known = try? await base.entry(appends[0].stream, id: appends[0].drafts[0].id)
                        if let known, known.origin != base.disk.origin {
                            return [AppendReceipt(stream: known.stream, items: [known.item])]
                        }
                    }
                    return try await base.append(appends)
                }
            },
            JournalDefect(
                "snapshots do not travel",
                breaks: "compacted entries travel with the snapshot that covers them"
            ) { journal, _ in
                journal.entries = { base, page throws(EffectError) in
                    var batch = try await base.entries(beyond: page.frontier, limit: page.limit)
                    batch.snapshots = []
                    return batch
                }
            },
            JournalDefect(
                "a known entry that comes compacted loses its payload",
                breaks: "a journal keeps the payloads that it has when their entries come compacted"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    let receipt = try await base.merge(batch)
                    guard receipt.added == 0 else { return receipt }
                    for snapshot in batch.snapshots {
                        try await base.compact(snapshot.stream, before: Revision(rawValue: 1))
                    }
                    return receipt
                }
            },
            JournalDefect(
                "a reopened journal lists its own origin alone",
                breaks: "merged entries are kept over a reopening"
            ) { journal, opening in
                guard case .reopened = opening else { return }
                journal.frontier = { base, _ throws(EffectError) in
                    JournalFrontier(try await base.frontier().heads.filter { $0.key == base.disk.origin })
                }
            },
        ]
    }
}

extension BrokenJournal {
    /// Sends the last entry of each origin again where `isSentAgain` says so of the other journal's head and this one's.
    fileprivate mutating func sendAgain(
        where isSentAgain: @escaping @Sendable (JournalFrontier.Head, JournalFrontier.Head) -> Bool
    ) {
        entries = { base, page throws(EffectError) in
            var batch = try await base.entries(beyond: page.frontier, limit: page.limit)
            let own = try await base.frontier()
            let all = try await base.readAll(after: .start, limit: .max)
            for (origin, head) in own.heads where batch.entries.count < page.limit {
                guard let theirs = page.frontier.heads[origin], isSentAgain(theirs, head) else { continue }
                batch.entries += all.filter { $0.origin == origin && $0.sequence == head.sequence }
            }
            return batch
        }
    }
}
