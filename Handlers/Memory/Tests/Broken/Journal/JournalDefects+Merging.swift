internal import AuraEffects
internal import AuraRuntime

extension Defect where Handler == any JournalEffects {
    static var merging: [JournalDefect] {
        [
            JournalDefect(
                "a merge of nothing repeats the last receipt",
                breaks: "a merge is idempotent"
            ) { journal, _ in
                let last = Mutexed(MergeReceipt(added: 0, known: 0))
                journal.merge = { base, batch throws(EffectError) in
                    let receipt = try await base.merge(batch)
                    return last.withLock { last in
                        if !batch.entries.isEmpty { last = receipt }
                        return last
                    }
                }
            },
            JournalDefect(
                "own entries that come back are not counted",
                breaks: "a journal's own entries come back as known"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    var receipt = try await base.merge(batch)
                    receipt.known -= batch.entries.count { $0.origin == base.disk.origin }
                    return receipt
                }
            },
            JournalDefect(
                "of more than two origins one is never sent on",
                breaks: "merges are commutative and associative over the set of entries"
            ) { journal, _ in
                journal.entries = { base, page throws(EffectError) in
                    var batch = try await base.entries(beyond: page.frontier, limit: page.limit)
                    let origins = try await base.frontier().heads.keys
                    guard origins.count > 2, let last = origins.max() else { return batch }
                    batch.entries.removeAll { $0.origin == last }
                    return batch
                }
            },
            JournalDefect(
                "a journal without entries of its own lists an origin from its fourth entry on",
                breaks: "equal roots mean equal sets, and different sets have different roots"
            ) { journal, _ in
                journal.frontier = { base, _ throws(EffectError) in
                    let frontier = try await base.frontier()
                    guard frontier.heads[base.disk.origin] == nil else { return frontier }
                    return JournalFrontier(frontier.heads.filter { $0.value.sequence > 3 })
                }
            },
            JournalDefect(
                "a merge takes what precedes a gap",
                breaks: "a gap in an origin's run is refused and changes nothing"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.merge(batch)
                    } catch {
                        guard error.code == .preconditionFailed, batch.snapshots.isEmpty else { throw error }
                        guard batch.entries.allSatisfy({ $0.payload != nil }) else { throw error }
                    }
                    for count in (0..<batch.entries.count).reversed() {
                        let entries = Array(batch.entries.prefix(count))
                        if let receipt = try? await base.merge(JournalBatch(entries: entries)) { return receipt }
                    }
                    return MergeReceipt(added: 0, known: 0)
                }
            },
            JournalDefect(
                "a known entry is not compared with the one that comes",
                breaks: "an entry that was altered on its way is refused"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    let known = try await base.frontier()
                    var rest = batch
                    rest.entries.removeAll { $0.sequence <= known.sequence(of: $0.origin) }
                    var receipt = try await base.merge(rest)
                    receipt.known += batch.entries.count - rest.entries.count
                    return receipt
                }
            },
            JournalDefect(
                "the error of a fork names no origin",
                breaks: "a fork of an origin's chain is refused and named"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.merge(batch)
                    } catch {
                        guard error.code == .conflict else { throw error }
                        throw base.errors.error(.conflict, in: "merge", "An entry disagrees. Verify both journals.")
                    }
                }
            },
            JournalDefect(
                "unknown entries of the own origin are passed over in silence",
                breaks: "entries of a journal's own origin that it lacks are a conflict"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    let known = try await base.frontier()
                    var rest = batch
                    rest.entries.removeAll {
                        $0.origin == base.disk.origin && $0.sequence > known.sequence(of: $0.origin)
                    }
                    return try await base.merge(rest)
                }
            },
            JournalDefect(
                "an id that an origin uses again is passed over in silence",
                breaks: "an id that an origin uses twice in a stream is a conflict"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.merge(batch)
                    } catch {
                        guard error.code == .conflict, error.message.contains("a second time") else { throw error }
                        return MergeReceipt(added: 0, known: batch.entries.count)
                    }
                }
            },
            JournalDefect(
                "merged entries without a kind are passed over in silence",
                breaks: "a merged entry beyond the limits is refused"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    var rest = batch
                    rest.entries.removeAll { $0.kind.text.isEmpty }
                    return try await base.merge(rest)
                }
            },
            JournalDefect(
                "an error of a merge quotes its payloads",
                breaks: "an error of a merge prints no payload"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.merge(batch)
                    } catch {
                        var error = error
                        let payloads = batch.entries.map { String(decoding: $0.payload ?? [], as: UTF8.self) }
                        error.message += " The payloads are \(payloads)."
                        throw error
                    }
                }
            },
        ]
    }
}
