internal import AuraEffects

extension Law where Handler == any ObjectStorageEffects {
    static var reading: [ObjectLaw] {
        [
            ObjectLaw("a range selects its bytes, cut at the end of the object") { harness in
                let bucket = try await harness.make()
                let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8)) }
                let revision = try await bucket.put(bytes, to: "a")
                let ranges: [(offset: Int, count: Int?)] = [
                    (0, nil), (0, 1), (0, 200_000), (0, 200_001), (0, .max), (1, nil), (1, 65_536), (65_535, 2),
                    (65_536, 65_536), (199_999, 1), (199_999, nil), (199_999, .max), (100_000, 100_001),
                ]
                for (offset, count) in ranges {
                    let range = ObjectRange(offset: offset, count: count)
                    let content = try require(await bucket.get("a", range: range), "the object")
                    let expected = offset..<offset + min(200_000 - offset, count ?? .max)
                    try expectEqual(content.range, expected, "the range of \(range)")
                    try expectEqual(content.info.byteCount, 200_000, "the size of the whole object")
                    try expectEqual(content.info.revision, revision, "the revision")
                    let isSame = try await content.body.bytes(atMost: .max) == Array(bytes[expected])
                    try expect(isSame, "the bytes of \(range) are others")
                }
            },
            ObjectLaw("a range that begins beyond the object's end, or is none, is refused") { harness in
                let bucket = try await harness.make()
                try await bucket.put([1, 2, 3], to: "a")
                try await bucket.put([], to: "empty")
                let refused: [(ObjectKey, Int, Int?)] = [
                    ("a", 3, nil), ("a", 4, 1), ("a", .max, nil), ("a", -1, nil), ("a", 0, 0), ("a", 0, -1),
                    ("a", 1, .min),
                    ("empty", 1, nil), ("empty", 1, 1),
                ]
                for (key, offset, count) in refused {
                    let range = ObjectRange(offset: offset, count: count)
                    try await expectFailure(.invalidArgument, "a get of \(range) of '\(key)'") {
                        _ = try await bucket.get(key, range: range)
                    }
                }
                for count in [nil, 1] {
                    let content = try await bucket.get("empty", range: ObjectRange(offset: 0, count: count))
                    try expectEqual(content?.range, 0..<0, "the range of an empty object")
                    try expectEqual(try await content?.body.bytes(atMost: 9), [], "the bytes of an empty object")
                }
            },
            ObjectLaw("a body that was opened is of one version to its end, whatever is put meanwhile") { harness in
                let bucket = try await harness.make()
                let size = min(1_000_000, harness.capabilities.limit(.objectBytes))
                for change in 0..<3 {
                    try await bucket.put(Array(repeating: 1, count: size), to: "a")
                    let content = try require(await bucket.get("a"), "the object")
                    var iterator = content.body.makeAsyncIterator()
                    var bytes = try require(await iterator.next(), "the first chunk")
                    switch change {
                    case 0: try await bucket.put(Array(repeating: 2, count: size), to: "a")
                    case 1: try await bucket.put([2], to: "a")
                    default: try await bucket.remove("a")
                    }
                    do throws(EffectError) {
                        while let chunk = try await iterator.next() { bytes += chunk }
                    } catch {
                        try expectEqual(error.code, .conflict, "how a body ends whose version is gone")
                        continue
                    }
                    let isWhole = bytes.count == size && bytes.allSatisfy { $0 == 1 }
                    try expect(isWhole, "a body of \(bytes.count) bytes is not the version that was opened")
                }
            },
        ]
    }

    static var concurrency: [ObjectLaw] {
        [
            ObjectLaw("a reader sees each object whole while it is replaced") { harness in
                let bucket = try await harness.make()
                let size = min(150_000, harness.capabilities.limit(.objectBytes))
                let issued = Collected<CloudRevision>()
                issued.add(try await bucket.put(Array(repeating: 0, count: size), to: "a"))
                let writer = Task {
                    for turn in UInt8(1)...60 {
                        let body = chunked(Array(repeating: turn, count: size), [50_000])
                        issued.add(try await bucket.put(body, to: "a"))
                    }
                }
                defer { writer.cancel() }
                let seen = try await concurrently(4) { _ in
                    var seen: [CloudRevision: UInt8] = [:]
                    for _ in 0..<20 {
                        let content = try require(await bucket.get("a"), "the object")
                        let result = await outcome { try await content.body.bytes(atMost: .max) }
                        guard case .success(let bytes) = result else { continue }
                        let turn = try require(bytes.first, "the first byte")
                        let isWhole = bytes.count == size && bytes.allSatisfy { $0 == turn }
                        try expect(isWhole, "an object is made up of several puts")
                        seen[content.info.revision] = turn
                        await Task.yield()
                    }
                    return seen
                }
                try await writer.value
                let turns = Dictionary(zip(issued.soFar, UInt8(0)...)) { first, _ in first }
                for (revision, turn) in seen.joined() {
                    try expectEqual(turns[revision], turn, "the put that the revision \(revision) is of")
                }
            },
            ObjectLaw("every read and listing that begins after a change has ended sees it") { harness in
                let bucket = try await harness.make()
                for turn in UInt8(1)...10 {
                    let revision = try await bucket.put([turn], to: "a")
                    let seen = try await concurrently(32) { number in
                        switch number % 3 {
                        case 0: try await bucket.info("a")?.revision
                        case 1: try await bucket.content("a")?.revision
                        default: try await bucket.list(prefix: "", after: nil, limit: 10).items.first?.revision
                        }
                    }
                    for found in seen { try expectEqual(found, revision, "the revision after put \(turn)") }
                    guard turn % 3 == 0 else { continue }
                    try await bucket.remove("a")
                    let left = try await concurrently(32) { number in
                        if number % 2 == 0 { return try await bucket.info("a") == nil }
                        return try await bucket.list(prefix: "", after: nil, limit: 10).items.isEmpty
                    }
                    try expect(left.allSatisfy { $0 }, "a removed object is seen")
                }
            },
        ]
    }
}
