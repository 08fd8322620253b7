internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension ObjectDefect {
    static var reading: [ObjectDefect] {
        [
            ObjectDefect(
                "a range ends with the chunk that it begins in",
                breaks: "a range selects its bytes, cut at the end of the object"
            ) { bucket in
                bucket.get = { base, key, range, condition throws(EffectError) in
                    var content = try await base.get(key, range: range, if: condition)
                    if range?.offset == 65_535, let whole = content?.body {
                        content?.body = ByteStream(Array(try await whole.bytes(atMost: .max).prefix(1)))
                    }
                    return content
                }
            },
            ObjectDefect(
                "a range before the first byte begins with it",
                breaks: "a range that begins beyond the object's end, or is none, is refused"
            ) { bucket in
                bucket.get = { base, key, range, condition throws(EffectError) in
                    let range = range?.offset == -1 ? nil : range
                    return try await base.get(key, range: range, if: condition)
                }
            },
            ObjectDefect(
                "a large body is fetched in ranges of whatever is there",
                breaks: "a body that was opened is of one version to its end, whatever is put meanwhile"
            ) { bucket in
                bucket.get = { base, key, range, condition throws(EffectError) in
                    var content = try await base.get(key, range: range, if: condition)
                    guard let size = content?.info.byteCount, size == 1_000_000, range == nil else { return content }
                    content?.body = ByteStream(byteCount: size) { offset throws(EffectError) in
                        let range = ObjectRange(offset: offset, count: 65_536)
                        guard offset < size, let content = try await base.get(key, range: range) else { return nil }
                        return try await content.body.bytes(atMost: .max)
                    }
                    return content
                }
            },
            ObjectDefect(
                "a large object is replaced in two halves",
                breaks: "a reader sees each object whole while it is replaced"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    if body.byteCount == nil, let old = try? await base.get(key), old.info.byteCount == 150_000 {
                        let half = Array(try await body.bytes(atMost: .max).prefix(75_000))
                        let rest = try await old.body.bytes(atMost: .max).dropFirst(half.count)
                        _ = try await base.put(ByteStream(half + rest), to: key)
                        for _ in 0..<4 { await Task.yield() }
                    }
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "of many listings at once some have an old picture of the objects",
                breaks: "every read and listing that begins after a change has ended sees it"
            ) { bucket in
                let listings = Gauge()
                let previous = Mutexed(ObjectPage(items: [], next: nil))
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    let old = try? await base.list(prefix: "", after: nil, limit: 10)
                    let revision = try await base.put(body, to: key, metadata: metadata, if: precondition)
                    if let old { previous.withLock { $0 = old } }
                    return revision
                }
                bucket.list = { base, prefix, token, limit throws(EffectError) in
                    try await listings.whileCounted { running throws(EffectError) in
                        if running > 4 { return previous.current }
                        return try await base.list(prefix: prefix, after: token, limit: limit)
                    }
                }
            },
        ]
    }

    static var listing: [ObjectDefect] {
        [
            ObjectDefect(
                "an object of 13 bytes is listed with one more",
                breaks: "a listing has every object once, with its revision, size and date"
            ) { bucket in
                bucket.list = { base, prefix, token, limit throws(EffectError) in
                    var page = try await base.list(prefix: prefix, after: token, limit: limit)
                    for index in page.items.indices where page.items[index].byteCount == 13 {
                        page.items[index].byteCount += 1
                    }
                    return page
                }
            },
            ObjectDefect("the items of a page are in no order", breaks: "a listing is in the order of the keys' bytes")
            {
                bucket in
                bucket.list = { base, prefix, token, limit throws(EffectError) in
                    var page = try await base.list(prefix: prefix, after: token, limit: limit)
                    page.items.reverse()
                    return page
                }
            },
            ObjectDefect(
                "a percent sign is any prefix",
                breaks: "a prefix selects the keys whose bytes begin with it"
            ) { bucket in
                bucket.list = { base, prefix, token, limit throws(EffectError) in
                    try await base.list(prefix: prefix == "%" ? "" : prefix, after: token, limit: limit)
                }
            },
            ObjectDefect(
                "a listing of none is one of a single item",
                breaks: "a listing's limit below 1 is refused, and a page keeps to its limit"
            ) { bucket in
                bucket.list = { base, prefix, token, limit throws(EffectError) in
                    try await base.list(prefix: prefix, after: token, limit: max(1, limit))
                }
            },
            ObjectDefect(
                "a page begins after so many items and not after a key",
                breaks: "a listing sees every lasting object exactly once while writers run"
            ) { bucket in
                bucket.list = { base, prefix, token, limit throws(EffectError) in
                    let start = token.flatMap { Int($0.rawValue) } ?? 0
                    let all = try await base.list(prefix: prefix, after: nil, limit: limit < 1 ? limit : 1000).items
                    let items = Array(all.dropFirst(start).prefix(limit))
                    let isLast = start + items.count >= all.count
                    return ObjectPage(
                        items: items,
                        next: isLast ? nil : PageToken(rawValue: String(start + items.count))
                    )
                }
            },
            ObjectDefect(
                "a copy has no metadata",
                breaks: "a copy has the bytes and metadata of its source, and a life of its own"
            ) { bucket in
                bucket.copy = { base, source, revision, key, precondition throws(EffectError) in
                    let copied = try await base.copy(source, matching: revision, to: key, if: precondition)
                    guard let body = try await base.get(key)?.body else { return copied }
                    return try await base.put(body, to: key)
                }
            },
            ObjectDefect(
                "a copy is made of any revision",
                breaks: "a copy heeds the revision of its source and the precondition of its key"
            ) { bucket in
                bucket.copy = { base, source, revision, key, precondition throws(EffectError) in
                    try await base.copy(source, matching: nil, to: key, if: precondition)
                }
            },
        ]
    }
}
