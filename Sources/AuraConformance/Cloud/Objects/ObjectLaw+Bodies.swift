internal import AuraEffects

extension Law where Handler == any ObjectStorageEffects {
    static var bodies: [ObjectLaw] {
        [
            ObjectLaw("an object is read as it was put, empty and large ones too") { harness in
                let bucket = try await harness.make()
                try expectEqual(bucket.capabilities, harness.capabilities, "what the handler declares")
                var generator = SeededGenerator(seed: 201)
                let most = min(1_500_000, harness.capabilities.limit(.objectBytes))
                for count in [0, 1, 2, 65_535, 65_536, 65_537, most] where count <= most {
                    let bytes = generator.bytes(count)
                    let revision = try await bucket.put(bytes, to: "a")
                    let content = try require(await bucket.get("a"), "the object of \(count) bytes")
                    try expectEqual(content.info.revision, revision, "the revision of the content")
                    try expectEqual(content.info.byteCount, count, "the size")
                    try expectEqual(content.range, 0..<count, "the range of the whole object")
                    let isSame = try await content.body.bytes(atMost: .max) == bytes
                    try expect(isSame, "the object of \(count) bytes has others than were put")
                    let info = try require(await bucket.info("a"), "what is known of the object")
                    try expectEqual(info, content.info, "what is known of the object")
                    try expectEqual(info.key, "a", "the key")
                }
                try expectEqual(try await bucket.info("b"), nil, "what is known of no object")
                try expect(try await bucket.get("b") == nil, "there is an object that nobody put")
            },
            ObjectLaw("a body is stored whole, of known or unknown length, in chunks of any size") { harness in
                let bucket = try await harness.make()
                var generator = SeededGenerator(seed: 202)
                let bytes = generator.bytes(min(40_000, harness.capabilities.limit(.objectBytes)))
                for sizes in [[1, 2, 3, 10_000], [40_000], [65_536], [7], [1, 39_000, 1]] {
                    for announced in [nil, bytes.count] {
                        try await bucket.put(chunked(bytes, sizes, announcing: announced), to: "a")
                        let isSame = try await bucket.bytes("a") == bytes
                        try expect(isSame, "a body in chunks of \(sizes) has others bytes than were put")
                    }
                }
                try await bucket.put(chunked([], [1]), to: "a")
                try expectEqual(try await bucket.bytes("a"), [], "an empty body of unknown length")
            },
            ObjectLaw("the chunks of a body are asked for one after the other") { harness in
                let bucket = try await harness.make()
                let asked = Collected<Int>()
                let running = Collected<Int>()
                let body = ByteStream { offset throws(EffectError) in
                    asked.add(offset)
                    for _ in 0..<3 { await Task.yield() }
                    if asked.soFar.last != offset { running.add(offset) }
                    return offset < 5000 ? Array(repeating: 1, count: 500) : nil
                }
                try await bucket.put(body, to: "a")
                try expectEqual(asked.soFar, Array(stride(from: 0, through: 5000, by: 500)), "the offsets asked for")
                try expectEqual(running.soFar, [], "the chunks asked for while another one was awaited")
            },
            ObjectLaw("a body that fails stores nothing and passes its error on") { harness in
                let bucket = try await harness.make()
                try await bucket.put([1], to: "a")
                for key: ObjectKey in ["a", "b"] {
                    for announced in [nil, 200_000] {
                        let body = ByteStream(byteCount: announced) { offset throws(EffectError) in
                            guard offset < 100_000 else { throw EffectError(.corrupted, "The source is damaged.") }
                            return Array(repeating: 2, count: 10_000)
                        }
                        try await expectFailure(.corrupted, "a put of a body that fails") {
                            try await bucket.put(body, to: key)
                        }
                    }
                }
                try await bucket.expectContents(["a": [1]], "after bodies that failed")
            },
            ObjectLaw("a body of another length than it announces stores nothing") { harness in
                let bucket = try await harness.make()
                try await bucket.put([1], to: "a")
                for key: ObjectKey in ["a", "b"] {
                    for announced in [0, 99, 101, 1000] {
                        let body = chunked(Array(repeating: 2, count: 100), [30], announcing: announced)
                        try await expectFailure(.invalidArgument, "a put that announces \(announced) bytes for 100") {
                            try await bucket.put(body, to: key)
                        }
                    }
                }
                try await bucket.expectContents(["a": [1]], "after bodies of other lengths")
            },
            ObjectLaw(
                "a body beyond the declared limit is refused",
                .limit(.objectBytes, atMost: ByteCount.mebibytes(64).bytes)
            ) { harness in
                let bucket = try await harness.make()
                let limit = harness.capabilities.limit(.objectBytes)
                let chunk = Array(repeating: UInt8(3), count: 1 << 20)
                for announced in [nil, limit + 1] {
                    let body = ByteStream(byteCount: announced) { offset throws(EffectError) in
                        offset > limit ? nil : Array(chunk.prefix(limit + 1 - offset))
                    }
                    try await expectFailure(.invalidArgument, "a put of \(limit + 1) bytes") {
                        try await bucket.put(body, to: "a")
                    }
                }
                try expectEqual(try await bucket.info("a"), nil, "what is known of an object that was refused")
            },
            ObjectLaw("an object that was removed is gone, and one that never was is removed as well") { harness in
                let bucket = try await harness.make()
                try await bucket.put([1], to: "a")
                try await bucket.put([2], to: "b")
                try await bucket.remove("a")
                for key: ObjectKey in ["a", "never"] {
                    try await expectSuccess("a removal of nothing") { try await bucket.remove(key) }
                }
                try expect(try await bucket.get("a") == nil, "a removed object is read")
                try expectEqual(try await bucket.info("a"), nil, "what is known of a removed object")
                try await bucket.expectContents(["b": [2]], "after removals")
            },
        ]
    }
}
