internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var refusals: [JournalDefect] {
        [
            JournalDefect(
                "an entry without a kind is given one",
                breaks: "an empty stream name and an empty kind are refused"
            ) { journal, _ in
                journal.changeDrafts { draft, _ in if draft.kind.text.isEmpty { draft.kind = "none" } }
            },
            JournalDefect(
                "a read of a stream without a name finds nothing",
                breaks: "every operation on a stream refuses one without a name"
            ) { journal, _ in
                journal.read = { base, read throws(EffectError) in
                    if read.stream.text.isEmpty, read.backwards { return [] }
                    return try await base.read(
                        read.stream,
                        from: read.revision,
                        limit: read.limit,
                        backwards: read.backwards
                    )
                }
            },
            JournalDefect(
                "the length of a kind is counted in letters, and the rest is cut off",
                breaks: "a kind of \(EntryKind.maximumByteCount) bytes is taken, and a longer one refused"
            ) { journal, _ in
                journal.changeDrafts { draft, _ in
                    let most = EntryKind.maximumByteCount
                    guard draft.kind.text.count <= most, draft.kind.text.utf8.count > most else { return }
                    draft.kind = EntryKind(String(draft.kind.text.prefix(1)))
                }
            },
            JournalDefect(
                "a stream name that is too long by one byte is cut off",
                breaks: "a stream name is taken up to its limit"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    var appends = appends
                    let most = base.capabilities.limit(.streamNameBytes)
                    for index in appends.indices where appends[index].stream.text.utf8.count == most + 1 {
                        appends[index].stream = StreamName(String(appends[index].stream.text.dropLast()))
                    }
                    return try await base.append(appends)
                }
            },
            JournalDefect(
                "a payload that is too long by one byte is cut off",
                breaks: "a payload is taken up to its limit"
            ) { journal, _ in
                journal.changeDrafts { draft, base in
                    if draft.payload.count == base.capabilities.limit(.payloadBytes) + 1 { draft.payload.removeLast() }
                }
            },
            JournalDefect(
                "the entries of an append are counted for each stream",
                breaks: "an append takes entries up to its limit"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    let count = appends.reduce(0) { $0 + $1.drafts.count }
                    guard appends.count > 1, count > base.capabilities.limit(.appendEntries) else {
                        return try await base.append(appends)
                    }
                    var receipts: [AppendReceipt] = []
                    for append in appends { receipts += try await base.append([append]) }
                    return receipts
                }
            },
            JournalDefect(
                "an error of a snapshot quotes its state",
                breaks: "an error of a snapshot or a compaction prints no state"
            ) { journal, _ in
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    do throws(EffectError) {
                        try await base.saveSnapshot(snapshot)
                    } catch {
                        var error = error
                        error.message += " The state is \(snapshot.state)."
                        throw error
                    }
                }
            },
            JournalDefect(
                "an error of an append quotes its payloads",
                breaks: "an error prints no payload and says where it comes from"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.append(appends)
                    } catch {
                        var error = error
                        let payloads = appends.flatMap(\.drafts).map { String(decoding: $0.payload, as: UTF8.self) }
                        error.message += " The payloads are \(payloads)."
                        throw error
                    }
                }
            },
        ]
    }
}

extension BrokenJournal {
    /// Changes every draft before it is appended.
    fileprivate mutating func changeDrafts(
        _ change: @escaping @Sendable (inout JournalEntry.Draft, SoundJournal) -> Void
    ) {
        append = { base, appends throws(EffectError) in
            var appends = appends
            for index in appends.indices {
                for draft in appends[index].drafts.indices { change(&appends[index].drafts[draft], base) }
            }
            return try await base.append(appends)
        }
    }
}
