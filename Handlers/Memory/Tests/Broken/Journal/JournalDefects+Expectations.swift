internal import AuraEffects
internal import AuraRuntime

extension Defect where Handler == any JournalEffects {
    static var expectations: [JournalDefect] {
        [
            JournalDefect(
                "the end of a stream is counted in appends, and an exact expectation must hold by that count too",
                breaks: "an append goes through where its expectation holds"
            ) { journal, _ in
                let batches = Mutexed<Set<StreamName>>([])
                journal.append = { base, appends throws(EffectError) in
                    for append in appends where !append.drafts.isEmpty {
                        guard case .exactly = append.expecting else { continue }
                        let isMiscounted = batches.withLock { $0.contains(append.stream) }
                        let isKnown = try await base.entry(append.stream, id: append.drafts[0].id) != nil
                        if isMiscounted, !isKnown { throw base.expectationFailed }
                    }
                    let receipts = try await base.append(appends)
                    for receipt in receipts where receipt.items.count > 1 {
                        batches.withLock { _ = $0.insert(receipt.stream) }
                    }
                    return receipts
                }
                journal.merge = { base, batch throws(EffectError) in
                    batches.withLock { $0 = [] }
                    return try await base.merge(batch)
                }
            },
            JournalDefect(
                "a stream without entries passes for one that ends at revision 0",
                breaks: "an append fails and leaves nothing where its expectation does not hold"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    var appends = appends
                    for index in appends.indices where appends[index].expecting == .exactly(.first) {
                        let stream = appends[index].stream
                        let isEmpty = try await base.read(stream, from: nil, limit: 1, backwards: true).isEmpty
                        if isEmpty { appends[index].expecting = .any }
                    }
                    return try await base.append(appends)
                }
            },
            JournalDefect(
                "the streams before the one whose expectation fails keep their entries",
                breaks: "an append to several streams is all or nothing"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.append(appends)
                    } catch {
                        if error.code == .preconditionFailed, appends.count > 1 {
                            _ = try await base.append(Array(appends.prefix(1)))
                        }
                        throw error
                    }
                }
            },
            JournalDefect(
                "whether a stream is empty is looked at before the write and not with it",
                breaks: "of concurrent appends with the same expectation exactly one goes through"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    var appends = appends
                    guard appends.count == 1, appends[0].expecting == .empty, !appends[0].stream.text.isEmpty else {
                        return try await base.append(appends)
                    }
                    let stream = appends[0].stream
                    if try await base.read(stream, from: nil, limit: 1, backwards: true).isEmpty {
                        await linger()
                        appends[0].expecting = .any
                    }
                    return try await base.append(appends)
                }
            },
            JournalDefect(
                "an invalid append fails those that wait with it",
                breaks: "concurrent appends are each judged on their own"
            ) { journal, _ in
                let group = Mutexed<(waiting: Set<Int>, failed: Set<Int>, last: Int)>(([], [], 0))
                journal.append = { base, appends throws(EffectError) in
                    let number = group.withLock { group in
                        group.last += 1
                        group.waiting.insert(group.last)
                        return group.last
                    }
                    defer { group.withLock { _ = $0.waiting.remove(number) } }
                    await Task.yield()
                    await Task.yield()
                    if group.withLock({ $0.failed.contains(number) }) {
                        throw base.errors.error(.invalidArgument, in: "append", "An append of the group is invalid.")
                    }
                    do throws(EffectError) {
                        return try await base.append(appends)
                    } catch {
                        if error.code == .invalidArgument { group.withLock { $0.failed.formUnion($0.waiting) } }
                        throw error
                    }
                }
            },
        ]
    }
}

extension SoundJournal {
    var expectationFailed: EffectError {
        errors.error(.preconditionFailed, in: "append", "The expectation does not hold: read on and decide again.")
    }
}
