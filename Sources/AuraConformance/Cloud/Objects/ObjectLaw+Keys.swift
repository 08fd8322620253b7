internal import AuraEffects

extension Law where Handler == any ObjectStorageEffects {
    static var keys: [ObjectLaw] {
        [
            ObjectLaw("keys that look alike or mean something elsewhere are kept apart") { harness in
                let texts = unusualKeys(atMost: harness.capabilities.limit(.keyBytes)).filter(\.isUsualKey)
                try await keepApart(texts, harness)
            },
            ObjectLaw("keys may have control characters and be dots", .capability(.arbitraryKeys)) { harness in
                let texts = unusualKeys(atMost: harness.capabilities.limit(.keyBytes)).filter { !$0.isUsualKey }
                try await keepApart(texts + ["a", "b"], harness)
            },
            ObjectLaw("keys with control characters and dots are refused", .lacks(.arbitraryKeys)) { harness in
                let bucket = try await harness.make()
                for text in [".", "..", "a\0", "\n", "a\u{7f}"] {
                    try await expectFailure(.invalidArgument, "a put to an unusual key") {
                        try await bucket.put([1], to: ObjectKey(text))
                    }
                }
                try await bucket.expectContents([:], "after refused puts")
            },
            ObjectLaw("an empty key is refused by every operation") { harness in
                let bucket = try await harness.make()
                try await bucket.put([1], to: "a")
                try await expectRefused("", by: bucket, "the empty key")
                try await bucket.expectContents(["a": [1]], "after refused calls")
            },
            ObjectLaw("a key of the declared size is taken and a longer one refused", .limit(.keyBytes, atMost: 65_536))
            {
                harness in
                let bucket = try await harness.make()
                let limit = harness.capabilities.limit(.keyBytes)
                let longest = ObjectKey(String(repeating: "k", count: limit))
                try await bucket.put([1], to: longest)
                try await expectRefused(ObjectKey(longest.text + "k"), by: bucket, "a key of \(limit + 1) bytes")
                let wide = String(repeating: "é", count: limit / 2) + "k"
                if wide.utf8.count > limit { try await expectRefused(ObjectKey(wide), by: bucket, "a wide key") }
                try await bucket.expectContents([longest: [1]], "after refused calls")
            },
        ]
    }

    private static func keepApart(
        _ texts: [String],
        _ harness: any ConformanceHarness<any ObjectStorageEffects>
    ) async throws {
        let bucket = try await harness.make()
        var expected: [ObjectKey: [UInt8]] = [:]
        for (number, text) in texts.enumerated() {
            let bytes = [UInt8(number % 256), UInt8(number / 256)]
            try await expectSuccess("a put if absent to an unusual key") {
                try await bucket.put(bytes, to: ObjectKey(text), if: .absent)
            }
            expected[ObjectKey(text)] = bytes
        }
        try await bucket.expectContents(expected, "after puts to unusual keys")
        for key in expected.keys {
            try expectEqual(try await bucket.info(key)?.key, key, "the key of an object")
            try await bucket.remove(key)
            expected[key] = nil
            guard expected.count % 16 == 0 else { continue }
            try await bucket.expectContents(expected, "after the removal of '\(key)'")
        }
    }

    private static func expectRefused(
        _ key: ObjectKey,
        by bucket: any ObjectStorageEffects,
        _ what: String
    ) async throws {
        let calls: [(String, () async throws -> Void)] = [
            ("a put to", { try await bucket.put([1], to: key) }), ("a get of", { _ = try await bucket.get(key) }),
            ("the info of", { _ = try await bucket.info(key) }), ("a removal of", { try await bucket.remove(key) }),
            ("a copy of", { try await bucket.copy(key, matching: nil, to: "b", if: .none) }),
            ("a copy to", { try await bucket.copy("a", matching: nil, to: key, if: .none) }),
            ("an upload to", { _ = try await bucket.beginUpload(to: key, metadata: ObjectMetadata()) }),
        ]
        for (name, call) in calls {
            try await expectFailure(.invalidArgument, "\(name) \(what)") { try await call() }
        }
    }

    static var metadata: [ObjectLaw] {
        [
            ObjectLaw("metadata is read as it was put, and replaced together with the bytes") { harness in
                let bucket = try await harness.make()
                let attributes = [
                    "a": "", "name": "value", "with_1": " spaces around ", "text": "日本語 é 👩‍👩‍👧‍👦", "quotes": "\"'\\%+=&;,:",
                    "escaped": "=?utf-8?b?YQ==?=",
                ]
                let metadata = ObjectMetadata(contentType: "text/plain; charset=utf-8", attributes: attributes)
                try await bucket.put(ByteStream([1]), to: "a", metadata: metadata)
                try expectEqual(try await bucket.info("a")?.metadata, metadata, "the metadata")
                try expectEqual(try await bucket.get("a")?.info.metadata, metadata, "the metadata of the content")
                let other = ObjectMetadata(contentType: "application/json", attributes: ["other": "1"])
                try await bucket.put(ByteStream([1]), to: "a", metadata: other)
                try expectEqual(try await bucket.info("a")?.metadata, other, "the metadata after another put")
                try await bucket.put([1], to: "a")
                try expectEqual(try await bucket.info("a")?.metadata.attributes, [:], "the attributes after a bare put")
            },
            ObjectLaw("attributes that are none are refused") { harness in
                let bucket = try await harness.make()
                var refused: [(String, [String: String])] = ["", "A", "1a", "a-b", "a b", "é", "a:", "a\n"]
                    .map { ("the name '\($0)'", [$0: "value"]) }
                refused += ["\n", "a\0b", "a\r\nb: c", "\u{7f}"].map { ("a value with control characters", ["a": $0]) }
                let limit = harness.capabilities.limit(.metadataBytes)
                if limit < 65_536 {
                    refused.append(("\(limit + 1) bytes", ["a": String(repeating: "v", count: limit)]))
                    let largest = ["a": String(repeating: "v", count: limit - 1)]
                    let metadata = ObjectMetadata(contentType: "text/plain", attributes: largest)
                    try await bucket.put(ByteStream([1]), to: "largest", metadata: metadata)
                    try expectEqual(try await bucket.info("largest")?.metadata, metadata, "the largest metadata")
                    try await bucket.remove("largest")
                }
                for (what, attributes) in refused {
                    let metadata = ObjectMetadata(attributes: attributes)
                    try await expectFailure(.invalidArgument, "a put with \(what) among its attributes") {
                        try await bucket.put(ByteStream([1]), to: "a", metadata: metadata)
                    }
                    try await expectFailure(.invalidArgument, "an upload with \(what) among its attributes") {
                        try await bucket.beginUpload(to: "a", metadata: metadata)
                    }
                }
                try await bucket.expectContents([:], "after refused puts")
            },
            ObjectLaw("an error prints neither bytes nor attributes, and says where it comes from") { harness in
                let bucket = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                let body = ByteStream(Array(marker.utf8))
                let metadata = ObjectMetadata(attributes: ["a": marker])
                let revision = try await bucket.put(body, to: "a", metadata: metadata)
                let other = CloudRevision(rawValue: "\(revision.rawValue)0")
                let errors = [
                    try await expectFailure(.preconditionFailed, "a put if absent") {
                        try await bucket.put(body, to: "a", metadata: metadata, if: .absent)
                    },
                    try await expectFailure(.preconditionFailed, "a get of another revision") {
                        _ = try await bucket.get("a", range: nil, if: .matches(other))
                    },
                    try await expectFailure(.invalidArgument, "a put to the empty key") {
                        try await bucket.put(body, to: "", metadata: metadata)
                    },
                    try await expectFailure(.invalidArgument, "a put of a control character") {
                        try await bucket.put(body, to: "a", metadata: ObjectMetadata(attributes: ["a": marker + "\n"]))
                    },
                    try await expectFailure(.notFound, "a copy of nothing") {
                        try await bucket.copy("none", matching: nil, to: "b", if: .none)
                    },
                ]
                for error in errors {
                    try expectDiscreet(error, effect: ObjectsEffect.name, hiding: marker)
                    try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                }
            },
        ]
    }
}
