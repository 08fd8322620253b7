internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension Defect where Handler == any JournalEffects {
    static var chain: [JournalDefect] {
        [
            JournalDefect(
                "from the second stream of an append on the hash leaves out the previous one",
                breaks: "every entry carries its origin, that origin's sequence without gaps, and the chained hash"
            ) { journal, _ in
                let unchained = Mutexed<Set<Position>>([])
                journal.append = { base, appends throws(EffectError) in
                    let receipts = try await base.append(appends)
                    let later = receipts.dropFirst().flatMap(\.items).map(\.position)
                    unchained.withLock { $0.formUnion(later) }
                    return receipts
                }
                journal.shown = { entry in
                    guard unchained.withLock({ $0.contains(entry.position) }) else { return entry }
                    var entry = entry
                    entry.hash = entry.header.hash(previous: .zero, payload: entry.payloadDigest)
                    return entry
                }
            },
            JournalDefect(
                "the frontier of an empty journal is remembered until the second append",
                breaks: "the frontier is the last sequence and hash of each origin"
            ) { journal, _ in
                let remembered = Mutexed<(frontier: JournalFrontier?, appends: Int)>((nil, 0))
                journal.frontier = { base, _ throws(EffectError) in
                    if let frontier = remembered.current.frontier { return frontier }
                    let frontier = try await base.frontier()
                    if frontier.heads.isEmpty { remembered.withLock { $0 = (frontier, 0) } }
                    return frontier
                }
                journal.append = { base, appends throws(EffectError) in
                    let receipts = try await base.append(appends)
                    remembered.withLock { remembered in
                        remembered.appends += 1
                        if remembered.appends > 1 { remembered.frontier = nil }
                    }
                    return receipts
                }
                journal.merge = { base, batch throws(EffectError) in
                    remembered.withLock { $0.frontier = nil }
                    return try await base.merge(batch)
                }
            },
            JournalDefect(
                description: "every journal has the same origin",
                law: "journals made independently have different origins"
            ) {
                // What replicates finds it too: it does not get that far with such journals.
                BrokenJournalHarness(declaring: .everything(but: .replication), origin: OriginID(rawValue: 1))
            },
            JournalDefect(
                "a verification with nothing new since the last one counts nothing",
                breaks: "a verification counts every entry and finds nothing wrong in a sound journal"
            ) { journal, _ in
                let verified = Mutexed<Position?>(nil)
                journal.verify = { base, _ throws(EffectError) in
                    var report = try await base.verify()
                    let end = try await base.end
                    let before = verified.withLock { verified in
                        defer { verified = end }
                        return verified
                    }
                    if before == end { report.checkedEntries = 0 }
                    return report
                }
            },
            JournalDefect(
                "the bytes of a damaged payload are read as they are",
                breaks: "a damaged payload is read as corrupted, and what precedes it as it was"
            ) { journal, opening in
                guard case .damaged(.payload) = opening else { return }
                journal.entry = { base, name throws(EffectError) in
                    var entry = try await base.disk.journal.entry(name.stream, id: name.id)
                    entry?.body = .payload(Array("wrong bytes".utf8))
                    return entry
                }
            },
        ] + JournalEntryPart.allCases.map(overlooksDamage)
    }

    private static func overlooksDamage(of damaged: JournalEntryPart) -> JournalDefect {
        JournalDefect(
            "a verification overlooks a damaged \(damaged.rawValue)",
            breaks: "a verification finds a damaged \(damaged.rawValue)"
        ) { journal, opening in
            guard case .damaged(damaged) = opening else { return }
            journal.verify = { base, _ throws(EffectError) in try await base.disk.journal.verify() }
        }
    }
}
