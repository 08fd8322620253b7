internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var sharing: [JournalDefect] {
        [
            JournalDefect(
                "a second handler takes an origin of its own where it goes on with another's stream",
                breaks: "two handlers on the same data share one origin, one order and every entry"
            ) { journal, opening in
                guard case .second = opening else { return }
                let own = OwnEntries()
                let continued = Mutexed<Set<Position>>([])
                journal.append = { base, appends throws(EffectError) in
                    let receipts = try await own.append(base, appends)
                    for receipt in receipts {
                        guard let first = receipt.items.first, first.revision > .first else { continue }
                        let previous = Revision(rawValue: first.revision.rawValue - 1)
                        let before = try await base.read(receipt.stream, from: previous, limit: 1, backwards: false)
                        guard let before = before.first, !own.contains(before) else { continue }
                        continued.withLock { _ = $0.insert(first.position) }
                    }
                    return receipts
                }
                journal.shown = { entry in
                    var entry = entry
                    if continued.withLock({ $0.contains(entry.position) }) { entry.origin = OriginID(rawValue: 2) }
                    return entry
                }
            },
            JournalDefect(
                "a second handler does not look at exact expectations",
                breaks: "two handlers on the same data judge expectations and ids together"
            ) { journal, opening in
                guard case .second = opening else { return }
                journal.append = { base, appends throws(EffectError) in
                    var appends = appends
                    for index in appends.indices {
                        if case .exactly = appends[index].expecting { appends[index].expecting = .any }
                    }
                    return try await base.append(appends)
                }
            },
            JournalDefect(
                "a reader that goes on passes over what another handler writes",
                breaks: "a reader never finds a new entry of another handler below what it has seen"
            ) { journal, _ in
                let own = OwnEntries()
                let passed = Mutexed<Set<Position>>([])
                journal.append = own.append
                journal.readAll = { base, page throws(EffectError) in
                    let entries = try await base.readAll(after: page.position, limit: page.limit)
                    guard own.areMixed, page.limit == 20 else { return entries }
                    let last = entries.last(where: own.contains)?.position ?? .start
                    return entries.filter { entry in
                        if own.contains(entry) { return true }
                        // Another's entry is shown once it was passed over.
                        return passed.withLock { passed in
                            passed.contains(entry.position)
                                || entry.position < last && !passed.insert(entry.position).inserted
                        }
                    }
                }
            },
            JournalDefect(
                "while a writer stalls the last entry before it is hidden",
                breaks: "a writer that stalls holds up no reader and hides no entry"
            ) { journal, _ in
                journal.readAll = { base, page throws(EffectError) in
                    let entries = try await base.readAll(after: page.position, limit: page.limit)
                    return base.disk.record.current.isStalled ? entries.dropLast() : entries
                }
            },
            JournalDefect(
                "another handler's append wakes nobody",
                breaks: "an append by another handler on the same data wakes a subscription",
                hangs: true
            ) { journal, _ in
                let own = OwnEntries()
                journal.append = own.append
                journal.nextPage = { base, position throws(EffectError) in
                    try await base.nextPage(after: position) { page in
                        !own.areMixed || page.contains { own.contains($0) }
                    }
                }
            },
        ]
    }
}

/// The entries that one handler appended.
private final class OwnEntries: Sendable {
    private let positions = Mutexed<Set<Position>>([])

    /// Whether the handler has appended anything, and so others are others'.
    var areMixed: Bool { positions.withLock { !$0.isEmpty } }

    func contains(_ entry: JournalEntry) -> Bool {
        positions.withLock { $0.contains(entry.position) }
    }

    /// Appends and takes note of it.
    @Sendable func append(_ base: SoundJournal, _ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt]
    {
        let receipts = try await base.append(appends)
        positions.withLock { $0.formUnion(receipts.flatMap(\.items).map(\.position)) }
        return receipts
    }
}
