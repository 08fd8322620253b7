internal import AuraEffects

extension Law where Handler == any ObjectStorageEffects {
    /// Parts that every handler takes: large enough, the last one apart.
    private static func parts(
        of count: Int,
        _ harness: any ConformanceHarness<any ObjectStorageEffects>
    ) -> [[UInt8]] {
        let size = max(1000, harness.capabilities.limits[.leastPartBytes] ?? 0)
        return (1...count).map { Array(repeating: UInt8($0), count: $0 == count ? 10 : size) }
    }

    static var uploads: [ObjectLaw] {
        [
            ObjectLaw("parts that were sent side by side make up one object in the order of their numbers") { harness in
                let bucket = try await harness.make()
                let parts = parts(of: 5, harness)
                let metadata = ObjectMetadata(contentType: "text/plain", attributes: ["a": "1"])
                let upload = try await bucket.beginUpload(to: "a", metadata: metadata)
                let numbers = [7, 1, 4, 2, 9]
                let sent = try await concurrently(5) { index in
                    let rank = numbers.count { $0 < numbers[index] }
                    return try await bucket.uploadPart(numbers[index], of: upload, chunked(parts[rank], [300]))
                }
                try await bucket.expectContents([:], "before the upload is completed")
                let ordered = sent.sorted { $0.number < $1.number }
                let revision = try await bucket.completeUpload(upload, parts: ordered, if: .absent)
                let info = try require(await bucket.info("a"), "what is known of the object")
                try expectEqual(info.revision, revision, "the object's revision")
                try expectEqual(info.metadata, metadata, "the object's metadata")
                try await bucket.expectContents(["a": parts.flatMap { $0 }], "after the upload")
            },
            ObjectLaw("a part that is sent again replaces the first, and one that is not named is dropped") { harness in
                let bucket = try await harness.make()
                let parts = parts(of: 3, harness)
                let upload = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata())
                let replaced = try await bucket.uploadPart(1, of: upload, ByteStream(parts[0]))
                let first = try await bucket.uploadPart(1, of: upload, ByteStream(parts[1]))
                let dropped = try await bucket.uploadPart(2, of: upload, ByteStream(parts[1]))
                let last = try await bucket.uploadPart(3, of: upload, ByteStream(parts[2]))
                let refused: [(String, [UploadedPart])] = [
                    ("a part that was replaced", [replaced, last]), ("parts out of order", [last, first]),
                    ("a part named twice", [first, first]), ("no part", []),
                    ("a part that was not sent", [first, UploadedPart(number: 5, tag: last.tag, byteCount: 10)]),
                    ("another part's tag", [UploadedPart(number: 1, tag: dropped.tag, byteCount: 10), last]),
                ]
                for (what, named) in refused {
                    try await expectFailure(.invalidArgument, "the completion of an upload by \(what)") {
                        try await bucket.completeUpload(upload, parts: named, if: .none)
                    }
                }
                try await bucket.expectContents([:], "after refused completions")
                _ = try await bucket.completeUpload(upload, parts: [first, last], if: .none)
                try await bucket.expectContents(["a": parts[1] + parts[2]], "after the upload")
            },
            ObjectLaw("a part out of the limits is refused") { harness in
                let bucket = try await harness.make()
                let upload = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata())
                let most = harness.capabilities.limit(.uploadParts)
                for number in [0, -1, .min] + (most < .max ? [most + 1] : []) {
                    try await expectFailure(.invalidArgument, "a part of the number \(number)") {
                        try await bucket.uploadPart(number, of: upload, ByteStream([1]))
                    }
                }
                let limit = harness.capabilities.limit(.partBytes)
                if limit < .max {
                    let body = ByteStream(byteCount: limit + 1) { _ throws(EffectError) in [1] }
                    try await expectFailure(.invalidArgument, "a part of \(limit + 1) bytes") {
                        try await bucket.uploadPart(1, of: upload, body)
                    }
                }
                let short = chunked(Array(repeating: 1, count: 100), [30], announcing: 101)
                try await expectFailure(.invalidArgument, "a part of another length than it announces") {
                    try await bucket.uploadPart(1, of: upload, short)
                }
                if let least = harness.capabilities.limits[.leastPartBytes], least > 1 {
                    let first = try await bucket.uploadPart(1, of: upload, ByteStream([1]))
                    let second = try await bucket.uploadPart(2, of: upload, ByteStream([2]))
                    try await expectFailure(.invalidArgument, "the completion of an upload by small parts") {
                        try await bucket.completeUpload(upload, parts: [first, second], if: .none)
                    }
                }
                try await bucket.abortUpload(upload)
                try await bucket.expectContents([:], "after refused parts")
            },
            ObjectLaw("an upload is completed only where its precondition holds, and goes on otherwise") { harness in
                let bucket = try await harness.make()
                let upload = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata())
                let part = try await bucket.uploadPart(1, of: upload, ByteStream([5]))
                let stale = try await bucket.put([1], to: "a")
                let current = try await bucket.put([2], to: "a")
                for precondition in [.absent, .matches(stale)] as [CloudPrecondition] {
                    try await expectFailure(.preconditionFailed, "the completion of an upload if \(precondition)") {
                        try await bucket.completeUpload(upload, parts: [part], if: precondition)
                    }
                }
                try await bucket.expectContents(["a": [2]], "after failed completions")
                _ = try await expectSuccess("the completion of an upload if it matches") {
                    try await bucket.completeUpload(upload, parts: [part], if: .matches(current))
                }
                try await bucket.expectContents(["a": [5]], "after the upload")
            },
            ObjectLaw("of concurrent completions if absent exactly one goes through") { harness in
                let bucket = try await harness.make()
                for round in 0..<3 {
                    let key = ObjectKey("round \(round)")
                    let results = try await concurrently(8) { number in
                        let upload = try await bucket.beginUpload(to: key, metadata: ObjectMetadata())
                        let part = try await bucket.uploadPart(1, of: upload, ByteStream([UInt8(number)]))
                        return await outcome {
                            try await bucket.completeUpload(upload, parts: [part], if: .absent)
                        }
                    }
                    let (winner, revision) = try theWinner(of: results)
                    let content = try require(await bucket.content(key), "the winner's object")
                    try expectEqual(content.bytes, [UInt8(winner)], "the winner's bytes")
                    try expectEqual(content.revision, revision, "the winner's revision")
                }
            },
            ObjectLaw("uploads to one key do not mix, and one that was aborted leaves nothing") { harness in
                let bucket = try await harness.make()
                let first = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata())
                let second = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata())
                let aborted = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata())
                let ofFirst = try await bucket.uploadPart(1, of: first, ByteStream([1]))
                let ofSecond = try await bucket.uploadPart(1, of: second, ByteStream([2]))
                let ofAborted = try await bucket.uploadPart(1, of: aborted, ByteStream([3]))
                try await bucket.abortUpload(aborted)
                try await bucket.abortUpload(aborted)
                _ = try await bucket.completeUpload(second, parts: [ofSecond], if: .none)
                try await bucket.expectContents(["a": [2]], "after the second upload")
                _ = try await bucket.completeUpload(first, parts: [ofFirst], if: .none)
                try await bucket.expectContents(["a": [1]], "after the first upload")
                for (upload, part) in [(first, ofFirst), (second, ofSecond), (aborted, ofAborted)] {
                    try await expectFailure(.notFound, "a part of an upload that has ended") {
                        try await bucket.uploadPart(2, of: upload, ByteStream([9]))
                    }
                    try await expectFailure(.notFound, "the completion of an upload that has ended") {
                        try await bucket.completeUpload(upload, parts: [part], if: .none)
                    }
                }
                try await bucket.expectContents(["a": [1]], "after the uploads")
            },
        ]
    }
}
