internal import AuraEffects
internal import AuraRuntime

extension Defect where Handler == any JournalEffects {
    static var subscriptions: [JournalDefect] {
        [
            JournalDefect(
                "after a catch-up of more than a hundred entries the first live one is lost",
                breaks: "a subscription catches up and then delivers live, in the order of positions"
            ) { journal, _ in
                journal.subscription = { base, start in
                    let state = Mutexed<(backlog: Int, lost: Position?)>((0, nil))
                    return { position throws(EffectError) in
                        let page = try await base.nextPage(after: position)
                        let lost = state.withLock { state in
                            if position == start { state.backlog = page.count }
                            if position > start, state.backlog > 100, state.lost == nil {
                                state.lost = page.first?.position
                            }
                            return state.lost
                        }
                        guard let lost, page.first?.position == lost else { return page }
                        return try await base.nextPage(after: lost)
                    }
                }
            },
            JournalDefect(
                "a subscription begins with the entry at its position",
                breaks: "a subscription begins after its position"
            ) { journal, _ in
                journal.subscription = { base, start in
                    { position throws(EffectError) in
                        guard position == start, position > .start else {
                            return try await base.nextPage(after: position)
                        }
                        return try await base.nextPage(after: Position(rawValue: position.rawValue - 1))
                    }
                }
            },
            JournalDefect(
                "an append to several streams wakes nobody",
                breaks: "a waiting subscription wakes for each append",
                hangs: true
            ) { journal, _ in
                let quiet = Mutexed<Set<EntryID>>([])
                journal.append = { base, appends throws(EffectError) in
                    if appends.count > 1 { quiet.withLock { $0.formUnion(appends.flatMap(\.drafts).map(\.id)) } }
                    return try await base.append(appends)
                }
                journal.nextPage = { base, position throws(EffectError) in
                    try await base.nextPage(after: position) { page in
                        page.contains { entry in !quiet.withLock { $0.contains(entry.id) } }
                    }
                }
            },
            JournalDefect(
                "the third subscription of a journal gets entries in another order",
                breaks: "every one of several subscriptions gets every entry, under concurrent writers"
            ) { journal, _ in
                let count = Mutexed(0)
                journal.subscription = { base, _ in
                    let number = count.withLock { count in
                        count += 1
                        return count
                    }
                    return { position throws(EffectError) in
                        var page = try await base.nextPage(after: position)
                        guard number >= 3 else { return page }
                        if page.count < 3 {
                            await linger()
                            page = try await base.readAll(after: position, limit: .max)
                        }
                        if page.count >= 3 { page.swapAt(0, 1) }
                        return page
                    }
                }
            },
            JournalDefect(
                "a subscriber that is more than 60 entries behind is taken to the last 60",
                breaks: "a slow subscriber loses nothing while writers run ahead"
            ) { journal, _ in
                journal.subscription = { base, start in
                    { position throws(EffectError) in
                        let page = try await base.nextPage(after: position)
                        return position == start ? page : Array(page.suffix(60))
                    }
                }
            },
            JournalDefect(
                "a cancelled subscription ends as if the journal were gone",
                breaks: "cancelling the task of a waiting subscription ends it with cancelled"
            ) { journal, _ in
                journal.nextPage = { base, position throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.nextPage(after: position)
                    } catch {
                        throw error.code == .cancelled ? base.errors.stopped(in: "subscribe") : error
                    }
                }
            },
        ]
    }
}

extension SoundJournal {
    /// The next page of a subscription once something in it wakes the subscriber.
    func nextPage(
        after position: Position,
        wokenBy isWoken: ([JournalEntry]) -> Bool
    ) async throws(EffectError) -> [JournalEntry] {
        while true {
            let page = try await nextPage(after: position)
            if isWoken(page) { return page }
            await linger(1)
            try errors.checkCancellation(in: "subscribe")
        }
    }
}
