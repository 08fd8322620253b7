internal import AuraEffects

extension Law where Handler == any ObjectStorageEffects {
    static var preconditions: [ObjectLaw] {
        [
            ObjectLaw("a put goes through where its precondition holds") { harness in
                let bucket = try await harness.make()
                let first = try await bucket.put([1], to: "a", if: .absent)
                let second = try await bucket.put([2], to: "a", if: .matches(first))
                let third = try await bucket.put([3], to: "a", if: .none)
                try expectEqual(Set([first, second, third]).count, 3, "the different revisions")
                try await bucket.remove("a")
                let fourth = try await expectSuccess("a put if absent after a removal") {
                    try await bucket.put([4], to: "a", if: .absent)
                }
                try expectEqual(try await bucket.info("a")?.revision, fourth, "the revision after a removal")
                try await bucket.expectContents(["a": [4]], "after the puts")
            },
            ObjectLaw("a put changes nothing where its precondition does not hold") { harness in
                let bucket = try await harness.make()
                let stale = try await bucket.put([1], to: "a")
                let current = try await bucket.put([2], to: "a")
                let gone = try await bucket.put([3], to: "b")
                try await bucket.remove("b")
                let unmet: [(ObjectKey, CloudPrecondition)] = [
                    ("a", .absent), ("a", .matches(stale)), ("b", .matches(gone)), ("c", .matches(current)),
                    ("a", .matches(CloudRevision(rawValue: "\(current)0"))), ("b", .matches(current)),
                ]
                for (key, precondition) in unmet {
                    try await expectFailure(.preconditionFailed, "a put to '\(key)' if \(precondition)") {
                        try await bucket.put(Array(repeating: 9, count: 100_000), to: key, if: precondition)
                    }
                }
                try expectEqual(try await bucket.info("a")?.revision, current, "the revision after failed puts")
                try await bucket.expectContents(["a": [2]], "after failed puts")
            },
            ObjectLaw("a removal goes through only where the revision matches", .capability(.conditionalRemoval)) {
                harness in
                let bucket = try await harness.make()
                let stale = try await bucket.put([1], to: "a")
                let current = try await bucket.put([2], to: "a")
                for (key, revision) in [("a", stale), ("b", current)] as [(ObjectKey, CloudRevision)] {
                    try await expectFailure(.preconditionFailed, "a removal of another revision of '\(key)'") {
                        try await bucket.remove(key, matching: revision)
                    }
                }
                try await bucket.expectContents(["a": [2]], "after failed removals")
                try await bucket.remove("a", matching: current)
                try await bucket.expectContents([:], "after the removal")
            },
            ObjectLaw("a removal of a revision is refused", .lacks(.conditionalRemoval)) { harness in
                let bucket = try await harness.make()
                let revision = try await bucket.put([1], to: "a")
                try await expectFailure(.unsupported, "a removal of a revision") {
                    try await bucket.remove("a", matching: revision)
                }
                try await bucket.expectContents(["a": [1]], "after the refused removal")
            },
            ObjectLaw("a get heeds its condition") { harness in
                let bucket = try await harness.make()
                let stale = try await bucket.put([1], to: "a")
                let current = try await bucket.put([2], to: "a")
                for condition in [.matches(current), .differs(from: stale)] as [ObjectReadCondition] {
                    let content = try await expectSuccess("a get if \(condition)") {
                        try await bucket.get("a", range: nil, if: condition)
                    }
                    try expectEqual(content?.info.revision, current, "the revision got if \(condition)")
                }
                for condition in [.matches(stale), .differs(from: current)] as [ObjectReadCondition] {
                    try await expectFailure(.preconditionFailed, "a get if \(condition)") {
                        _ = try await bucket.get("a", range: nil, if: condition)
                    }
                    let none = try await bucket.get("none", range: nil, if: condition)
                    try expect(none == nil, "a get of no object found one")
                }
            },
            ObjectLaw("sixteen tasks that count by conditional puts lose nothing") { harness in
                let bucket = try await harness.make()
                try await bucket.put([0], to: "counter")
                _ = try await concurrently(16) { _ in
                    for _ in 0..<4 {
                        while true {
                            let content = try require(await bucket.content("counter"), "the counter")
                            let result = await outcome {
                                try await bucket.put(
                                    [content.bytes[0] + 1],
                                    to: "counter",
                                    if: .matches(content.revision)
                                )
                            }
                            if case .success = result { break }
                            if case .failure(let error) = result {
                                let code = (error as? EffectError)?.code
                                try expectEqual(code, .preconditionFailed, "a failed increment")
                            }
                        }
                    }
                }
                try expectEqual(try await bucket.bytes("counter"), [64], "the counter")
            },
            ObjectLaw("of concurrent puts if absent exactly one goes through") { harness in
                let bucket = try await harness.make()
                for round in 0..<5 {
                    let key = ObjectKey("round \(round)")
                    let results = try await concurrently(16) { number in
                        let body = chunked(Array(repeating: UInt8(number), count: 300), [100])
                        return await outcome {
                            try await bucket.put(body, to: key, metadata: ObjectMetadata(), if: .absent)
                        }
                    }
                    let (winner, revision) = try theWinner(of: results)
                    let content = try require(await bucket.content(key), "the winner's object")
                    try expectEqual(content.bytes, Array(repeating: UInt8(winner), count: 300), "the winner's bytes")
                    try expectEqual(content.revision, revision, "the winner's revision")
                }
            },
        ]
    }

    static var revisions: [ObjectLaw] {
        [
            ObjectLaw(
                "a revision never comes back, whatever is put, removed or put again",
                .capability(.uniqueRevisions)
            ) { harness in
                let bucket = try await harness.make()
                var seen: Set<CloudRevision> = []
                for turn in 0..<40 {
                    let revision = try await bucket.put([UInt8(turn % 2)], to: "a")
                    try expect(seen.insert(revision).inserted, "the revision \(revision) came back at put \(turn)")
                    if turn % 5 == 4 { try await bucket.remove("a") }
                }
            },
            ObjectLaw("equal revisions of a key mean equal bytes") { harness in
                let bucket = try await harness.make()
                let issued = Collected<(CloudRevision, [UInt8])>()
                _ = try await concurrently(4) { task in
                    for turn in 0..<10 {
                        let bytes = [UInt8(task % 2), UInt8(turn), 9]
                        issued.add((try await bucket.put(bytes, to: "a"), bytes))
                        if turn % 4 == 3 { try await bucket.remove("a") }
                    }
                }
                var bytes: [CloudRevision: [UInt8]] = [:]
                for (revision, put) in issued.soFar {
                    try expectEqual(bytes[revision] ?? put, put, "the bytes of the revision \(revision)")
                    bytes[revision] = put
                }
            },
        ]
    }
}
