internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var basics: [JournalDefect] {
        [
            JournalDefect(
                "the handler declares nothing",
                breaks: "the handler declares what its harness says"
            ) { journal, _ in
                journal.capabilities = Capabilities()
            },
            JournalDefect(
                "the frontier of an empty journal lists its origin at sequence 0",
                breaks: "a new journal is empty"
            ) { journal, _ in
                journal.frontier = { base, _ throws(EffectError) in
                    var frontier = try await base.frontier()
                    guard frontier.heads.isEmpty else { return frontier }
                    frontier.heads[base.disk.origin] = JournalFrontier.Head(sequence: 0, hash: .zero)
                    return frontier
                }
            },
            JournalDefect(
                "kinds come back in lower case",
                breaks: "an appended entry is read back as it was written"
            ) { journal, _ in
                journal.shown = { entry in
                    var entry = entry
                    entry.kind = EntryKind(entry.kind.text.lowercased())
                    return entry
                }
            },
            JournalDefect(
                "the receipt of an append of more than three entries gives the rest the third one's position",
                breaks: "revisions are 0, 1, 2 and so on in every stream, and positions strictly increase"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    var receipts = try await base.append(appends)
                    for index in receipts.indices where receipts[index].items.count > 3 {
                        let position = receipts[index].items[2].position
                        for item in 3..<receipts[index].items.count { receipts[index].items[item].position = position }
                    }
                    return receipts
                }
            },
            JournalDefect(
                "receipts come in the order of the streams' names",
                breaks: "one append adds to several streams, with a receipt for each in its order"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    try await base.append(appends).sorted { $0.stream < $1.stream }
                }
            },
            JournalDefect(
                "the receipt of an append of nothing names the stream's last entry",
                breaks: "an append of nothing changes nothing and checks nothing"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    var receipts = try await base.append(appends)
                    for index in receipts.indices where receipts[index].items.isEmpty {
                        let stream = receipts[index].stream
                        let last = try await base.read(stream, from: nil, limit: 1, backwards: true).first
                        receipts[index].items = [last].compactMap(\.self).map { $0.item }
                    }
                    return receipts
                }
            },
            JournalDefect(
                "bytes above 127 come back as question marks",
                breaks: "payloads of any size and every byte survive"
            ) { journal, _ in
                journal.shown = { entry in
                    var entry = entry
                    if let payload = entry.payload {
                        entry.body = .payload(payload.map { $0 < 128 ? $0 : UInt8(ascii: "?") })
                    }
                    return entry
                }
            },
            JournalDefect(
                "canonically equal names are one stream",
                breaks: "any text is a stream's name, and look-alikes are different streams"
            ) { journal, _ in
                let names = Mutexed<[String: StreamName]>([:])
                @Sendable func known(_ stream: StreamName) -> StreamName {
                    names.withLock { names in
                        // A String is equal to another one of the same characters, whatever their bytes.
                        let known = names[stream.text] ?? stream
                        names[stream.text] = known
                        return known
                    }
                }
                journal.append = { base, appends throws(EffectError) in
                    var appends = appends
                    for index in appends.indices { appends[index].stream = known(appends[index].stream) }
                    return try await base.append(appends)
                }
                journal.read = { base, read throws(EffectError) in
                    try await base.read(
                        known(read.stream),
                        from: read.revision,
                        limit: read.limit,
                        backwards: read.backwards
                    )
                }
            },
        ]
    }
}

extension JournalEntry {
    /// What a receipt says of the entry.
    var item: AppendReceipt.Item { AppendReceipt.Item(id: id, revision: revision, position: position) }
}
