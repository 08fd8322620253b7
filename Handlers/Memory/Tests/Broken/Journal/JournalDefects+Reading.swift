internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var reading: [JournalDefect] {
        [
            JournalDefect(
                "revision 0 is taken for none backwards",
                breaks: "a stream is read forwards and backwards from any revision"
            ) { journal, _ in
                journal.read = { base, read throws(EffectError) in
                    let from = read.backwards && read.revision == .first ? nil : read.revision
                    return try await base.read(read.stream, from: from, limit: read.limit, backwards: read.backwards)
                }
            },
            JournalDefect(
                "nothing is read backwards from beyond the end",
                breaks: "a read backwards from beyond the end begins at the last entry"
            ) { journal, _ in
                journal.read = { base, read throws(EffectError) in
                    let page = try await base.read(
                        read.stream,
                        from: read.revision,
                        limit: read.limit,
                        backwards: read.backwards
                    )
                    guard read.backwards, let from = read.revision, let last = page.first else { return page }
                    return last.revision == from ? page : []
                }
            },
            JournalDefect(
                "of exactly as many entries as are left in a stream one is missing",
                breaks: "a read returns no more than its limit, and less only at the end or the page limit"
            ) { journal, _ in
                journal.read = { base, read throws(EffectError) in
                    let page = try await base.read(
                        read.stream,
                        from: read.revision,
                        limit: read.limit,
                        backwards: read.backwards
                    )
                    guard !read.backwards, read.limit > 1, page.count == read.limit, let last = page.last else {
                        return page
                    }
                    let next = last.revision.next
                    let rest = try? await base.read(read.stream, from: next, limit: 1, backwards: false)
                    return rest == [] ? page.dropLast() : page
                }
            },
            JournalDefect(
                "a page of a stream has one entry more than declared",
                breaks: "a larger request gets a page of the declared size"
            ) { journal, _ in
                journal.read = { base, read throws(EffectError) in
                    let page = try await base.read(
                        read.stream,
                        from: read.revision,
                        limit: read.limit,
                        backwards: read.backwards
                    )
                    guard !read.backwards, page.count < read.limit, let last = page.last else { return page }
                    return try await page
                        + base.read(read.stream, from: last.revision.next, limit: 1, backwards: false)
                }
            },
            JournalDefect(
                "a position beyond the last is taken for the start",
                breaks: "all entries are read in the order of positions, after a position"
            ) { journal, _ in
                journal.readAll = { base, page throws(EffectError) in
                    let isBeyond = try await base.end < page.position
                    return try await base.readAll(after: isBeyond ? .start : page.position, limit: page.limit)
                }
            },
            JournalDefect("a negative limit is none", breaks: "a limit below 1 is refused") { journal, _ in
                journal.readAll = { base, page throws(EffectError) in
                    try await base.readAll(after: page.position, limit: page.limit < 0 ? .max : page.limit)
                }
            },
        ]
    }
}
