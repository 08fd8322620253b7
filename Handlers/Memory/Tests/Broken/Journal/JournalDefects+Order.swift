internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var order: [JournalDefect] {
        [
            JournalDefect(
                "the receipt of an append of several entries is in reverse when others were committed with it",
                breaks: "concurrent writers leave no gap, no double and one order"
            ) { journal, _ in
                let traffic = Traffic()
                journal.append = { base, appends throws(EffectError) in
                    let others = traffic.begin()
                    defer { _ = traffic.end() }
                    await linger(1)
                    var receipts = try await base.append(appends)
                    guard others > 0, receipts.count == 1 else { return receipts }
                    receipts[0].items.reverse()
                    return receipts
                }
            },
            JournalDefect(
                "a reader that goes on passes over what is not acknowledged yet",
                breaks: "a reader never finds a new entry at or below a position that it has seen"
            ) { journal, opening in
                guard case .new = opening else { return }
                let traffic = Traffic()
                let passed = Mutexed<Set<Position>>([])
                journal.append = { base, appends throws(EffectError) in
                    _ = traffic.begin()
                    defer { _ = traffic.end() }
                    let receipts = try await base.append(appends)
                    await linger(1)
                    return receipts
                }
                journal.readAll = { base, page throws(EffectError) in
                    let entries = try await base.readAll(after: page.position, limit: page.limit)
                    guard page.position > .start, page.limit < 10, traffic.isBusy, let last = entries.last else {
                        return entries
                    }
                    return entries.filter { entry in
                        !entry.position.rawValue.isMultiple(of: 3) || entry == last
                            || !passed.withLock { $0.insert(entry.position).inserted }
                    }
                }
            },
            JournalDefect(
                "the last entry of an append to several streams is shown after the others",
                breaks: "a reader sees all of an append or nothing of it"
            ) { journal, _ in
                let withheld = Mutexed<Set<EntryID>>([])
                journal.append = { base, appends throws(EffectError) in
                    guard appends.count > 1, let id = appends.last?.drafts.last?.id else {
                        return try await base.append(appends)
                    }
                    withheld.withLock { _ = $0.insert(id) }
                    defer { withheld.withLock { _ = $0.remove(id) } }
                    let receipts = try await base.append(appends)
                    await linger(1)
                    return receipts
                }
                journal.readAll = { base, page throws(EffectError) in
                    let hidden = withheld.current
                    let entries = try await base.readAll(after: page.position, limit: page.limit)
                    return entries.filter { !hidden.contains($0.id) }
                }
            },
            JournalDefect(
                "a stream is read as it was when no append was under way",
                breaks: "what an append's receipt names is there at once for every reader"
            ) { journal, _ in
                let traffic = Traffic()
                let hidden = Mutexed<Set<Position>>([])
                journal.append = { base, appends throws(EffectError) in
                    _ = traffic.begin()
                    let result: Result<[AppendReceipt], EffectError>
                    do throws(EffectError) {
                        result = .success(try await base.append(appends))
                    } catch {
                        result = .failure(error)
                    }
                    if case .success(let receipts) = result {
                        hidden.withLock { $0.formUnion(receipts.flatMap(\.items).map(\.position)) }
                    }
                    await linger(1)
                    if traffic.end() == 0 { hidden.withLock { $0 = [] } }
                    return try result.get()
                }
                journal.read = { base, read throws(EffectError) in
                    let page = try await base.read(
                        read.stream,
                        from: read.revision,
                        limit: read.limit,
                        backwards: read.backwards
                    )
                    let hidden = hidden.current
                    return page.filter { !hidden.contains($0.position) }
                }
            },
        ]
    }
}
