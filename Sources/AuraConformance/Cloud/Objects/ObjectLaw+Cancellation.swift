internal import AuraEffects

extension Law where Handler == any ObjectStorageEffects {
    static var cancellation: [ObjectLaw] {
        [
            ObjectLaw("a call of a cancelled task is cancelled and changes nothing") { harness in
                let bucket = try await harness.make()
                try await bucket.put([1], to: "a")
                let upload = try await bucket.beginUpload(to: "c", metadata: ObjectMetadata())
                let part = try await bucket.uploadPart(1, of: upload, ByteStream([3]))
                try await expectCancelled("an info") { try await bucket.info("a") }
                try await expectCancelled("a get") { _ = try await bucket.get("a") }
                try await expectCancelled("a put") { try await bucket.put([2], to: "a") }
                try await expectCancelled("a put of a new key") { try await bucket.put([2], to: "b") }
                try await expectCancelled("a removal") { try await bucket.remove("a") }
                try await expectCancelled("a copy") { try await bucket.copy("a", matching: nil, to: "b", if: .none) }
                try await expectCancelled("a listing") { try await bucket.list(prefix: "", after: nil, limit: 1) }
                try await expectCancelled("a part") { try await bucket.uploadPart(1, of: upload, ByteStream([9])) }
                try await expectCancelled("a completion") {
                    try await bucket.completeUpload(upload, parts: [part], if: .none)
                }
                try await expectCancelled("an abortion") { try await bucket.abortUpload(upload) }
                try await bucket.expectContents(["a": [1]], "after cancelled calls")
                _ = try await bucket.completeUpload(upload, parts: [part], if: .none)
                try await bucket.expectContents(["a": [1], "c": [3]], "after the upload")
            },
            ObjectLaw("a put that is cancelled amid its body stores nothing") { harness in
                let bucket = try await harness.make()
                let asked = Collected<Int>()
                let body = ByteStream { offset throws(EffectError) in
                    asked.add(offset)
                    while offset >= 3000, !Task.isCancelled { await Task.yield() }
                    return offset < 6000 ? Array(repeating: 1, count: 1000) : nil
                }
                let task = Task { try await bucket.put(body, to: "a") }
                try await within(Patience.step, "the consumption of the body") {
                    while !asked.soFar.contains(3000) { await Task.yield() }
                }
                task.cancel()
                let ending = try await within(Patience.step, "the end of a cancelled put") { await task.result }
                guard case .failure(let error) = ending else {
                    return try expect(false, "a put went through although it was cancelled amid its body")
                }
                try expectEqual((error as? EffectError)?.code, .cancelled, "the failure of the put")
                try await bucket.expectContents([:], "after a cancelled put")
            },
            ObjectLaw("a put that is cancelled while it waits is there wholly or not at all") { harness in
                let bucket = try await harness.make()
                let keys = (0..<60).map { ObjectKey("key \($0)") }
                let bytes = Array(repeating: UInt8(1), count: 1000)
                let tasks = keys.map { key in Task { try await bucket.put(chunked(bytes, [300]), to: key) } }
                for (key, ending) in zip(keys, try await cancellingSome(of: tasks, seed: 221)) {
                    let found = try await bucket.content(key)
                    switch ending {
                    case .success(let revision):
                        try expectEqual(found?.revision, revision, "the revision of '\(key)', whose put went through")
                        try expectEqual(found?.bytes, bytes, "the object '\(key)', whose put went through")
                    case .failure(let error):
                        let error = try require(error as? EffectError, "the EffectError of a put that failed")
                        try expectEqual(error.code, .cancelled, "the failure of a put")
                        guard error.outcome == .notApplied else { continue }
                        try expectEqual(found?.bytes, nil, "the object '\(key)', whose put failed")
                    }
                }
            },
            ObjectLaw("the body of an object ends with its consumer's cancellation") { harness in
                let bucket = try await harness.make()
                try await bucket.put(Array(repeating: 1, count: 300_000), to: "a")
                let content = try require(await bucket.get("a"), "the object")
                try await expectCancelled("the next chunk") {
                    var iterator = content.body.makeAsyncIterator()
                    return try await iterator.next()
                }
            },
        ]
    }

    static var presigning: [ObjectLaw] {
        [
            ObjectLaw(
                "a presigned address gives access to its object, in its way and no other",
                .capability(.presignedURLs),
                .ability(.followPresignedURLs)
            ) { harness in
                let presigning = try require(harness as? any PresigningHarness, "a harness that follows addresses")
                let bucket = try await harness.make()
                let key: ObjectKey = "a+b/ä%20 c"
                try await bucket.put([1], to: key)
                try await bucket.put([9], to: "other")
                let get = try await bucket.presignedURL(.get, to: key, expiresIn: .seconds(60))
                let put = try await bucket.presignedURL(.put, to: key, expiresIn: .seconds(60))
                try expectEqual([get.access, put.access], [.get, .put], "what the addresses are for")
                try expectEqual(try await presigning.fetch(get, from: bucket), [1], "the object at its address")
                try expect(try await presigning.store([2], at: put, of: bucket), "the address refuses an object")
                try expectEqual(try await presigning.fetch(get, from: bucket), [2], "the object after it was stored")
                try expect(try await !presigning.store([3], at: get, of: bucket), "an address for fetching stores")
                try expectEqual(try await presigning.fetch(put, from: bucket), nil, "what is at an address for storing")
                try await bucket.expectContents([key: [2], "other": [9]], "after the addresses were used")
                let printed = "\(get) \(put) \(String(reflecting: get))"
                let secret = get.url.withExposedValue { $0 }
                try expect(!printed.contains(secret), "an address prints itself")
            },
            ObjectLaw(
                "a presigned address is good for its time",
                .capability(.presignedURLs),
                .ability(.followPresignedURLs),
                .ability(.letTimePass)
            ) { harness in
                let presigning = try require(harness as? any PresigningHarness, "a harness that follows addresses")
                let bucket = try await harness.make()
                try await bucket.put([1], to: "a")
                let short = try await bucket.presignedURL(.get, to: "a", expiresIn: .seconds(10))
                let stores = try await bucket.presignedURL(.put, to: "a", expiresIn: .seconds(10))
                let long = try await bucket.presignedURL(.get, to: "a", expiresIn: .seconds(60))
                try expectEqual(try await presigning.fetch(short, from: bucket), [1], "the object in time")
                try await harness.lettingTimePass(.seconds(12))
                try expectEqual(try await presigning.fetch(short, from: bucket), nil, "the object after that time")
                let isStored = try await presigning.store([2], at: stores, of: bucket)
                try expect(!isStored, "an object is stored after that time")
                let lasting = try await presigning.fetch(long, from: bucket)
                try expectEqual(lasting, [1], "the object at an address that lasts")
            },
            ObjectLaw("a presigned address for no time, or for too long, is refused", .capability(.presignedURLs)) {
                harness in
                let bucket = try await harness.make()
                let limit = harness.capabilities.limit(.presignedSeconds)
                let tooLong: [Duration] = limit < 1 << 40 ? [.seconds(limit) + .seconds(1)] : []
                for duration in [.zero, .seconds(-1)] + tooLong {
                    try await expectFailure(.invalidArgument, "an address for \(duration)") {
                        _ = try await bucket.presignedURL(.get, to: "a", expiresIn: duration)
                    }
                }
            },
            ObjectLaw("a presigned address is refused", .lacks(.presignedURLs)) { harness in
                let bucket = try await harness.make()
                try await expectFailure(.unsupported, "an address") {
                    _ = try await bucket.presignedURL(.get, to: "a", expiresIn: .seconds(1))
                }
            },
        ]
    }
}
