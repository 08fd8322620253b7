internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Objects over a storage")
struct StoredObjectTests {
    @Test("the laws over memory", arguments: ObjectLaw.applicable(to: StoredObjectHarness(MemoryGround())))
    func memory(_ law: ObjectLaw) async throws {
        try await law.check(StoredObjectHarness(MemoryGround()))
    }

    #if SQLite
    @Test("the laws over SQLite", arguments: ObjectLaw.applicable(to: StoredObjectHarness(try SQLiteGround())))
    func files(_ law: ObjectLaw) async throws {
        try await law.check(StoredObjectHarness(try SQLiteGround()))
    }
    #endif

    @Test("the laws over folders", arguments: ObjectLaw.applicable(to: StoredObjectHarness(try FolderGround())))
    func folders(_ law: ObjectLaw) async throws {
        try await law.check(StoredObjectHarness(try FolderGround()))
    }

    private let storage = MemoryStorageHandler()
    private let time = ManualTimeHandler()

    private func open() throws -> StoredObjectStorageHandler {
        var context = HandlerContext.system
        context.time = time
        return try StoredObjectStorageHandler(over: storage, prefix: "b/", context)
    }

    private func keys() async throws -> [String] {
        var keys: [String] = []
        var after: StorageKey?
        repeat {
            let page = try await storage.list(prefix: "", after: after, limit: 1000)
            keys += page.items.map(\.key.text)
            after = page.next
        } while after != nil
        return keys
    }

    @Test("what was replaced, removed, aborted or failed leaves nothing in the storage")
    func nothingStays() async throws {
        let bucket = try open()
        let large = Array(repeating: UInt8(7), count: 1_000_000)
        for _ in 0..<3 { try await bucket.put(ByteStream(large), to: "a") }
        try await bucket.put(ByteStream(large), to: "b")
        try await bucket.remove("b")
        let upload = try await bucket.beginUpload(to: "c", metadata: ObjectMetadata())
        _ = try await bucket.uploadPart(1, of: upload, ByteStream(large))
        try await bucket.abortUpload(upload)
        let failing = ByteStream { offset throws(EffectError) in
            if offset > 600_000 { throw EffectError(.unavailable, "No more.") }
            return Array(large.prefix(300_000))
        }
        await #expect(throws: EffectError.self) { try await bucket.put(failing, to: "d") }
        await #expect(throws: EffectError.self) {
            try await bucket.put(ByteStream(large), to: "a", metadata: ObjectMetadata(), if: .absent)
        }
        await bucket.close()
        let found = try await keys()
        // The record of "a", and its four chunks.
        #expect(found.count == 5, "\(found)")
        #expect(found.contains("b/o/a"))
    }

    @Test("an upload's parts that the object does not have are removed, and the object stays whole")
    func unnamedParts() async throws {
        let bucket = try open()
        let upload = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata(contentType: "text/plain"))
        var parts: [UploadedPart] = []
        for number in 1...4 {
            parts.append(try await bucket.uploadPart(number, of: upload, ByteStream([UInt8(number), UInt8(number)])))
        }
        parts[1] = try await bucket.uploadPart(2, of: upload, ByteStream([9]))
        _ = try await bucket.completeUpload(upload, parts: [parts[0], parts[1], parts[3]], if: .none)
        await bucket.close()
        let again = try open()
        let content = try #require(try await again.get("a"))
        #expect(content.info.metadata.contentType == "text/plain")
        #expect(try await content.body.bytes(atMost: 100) == [1, 1, 9, 4, 4])
        let middle = try #require(try await again.get("a", range: ObjectRange(offset: 1, count: 3)))
        #expect(try await middle.body.bytes(atMost: 100) == [1, 9, 4])
        try await again.remove("a")
        await again.close()
        #expect(try await keys() == [])
    }

    @Test("what a process leaves that ended amid a put is removed a day later, and not before")
    func leftovers() async throws {
        let bucket = try open()
        let held = Task {
            try await bucket.put(
                ByteStream { offset throws(EffectError) in
                    if offset < 600_000 { return Array(repeating: 1, count: 300_000) }
                    // As a process that is gone: it never goes on.
                    try await time.sleep(for: .seconds(1_000_000))
                    return nil
                },
                to: "a"
            )
        }
        while try await keys().count < 3 { await Task.yield() }
        let other = try open()
        await other.close()
        #expect(try await keys().count >= 3)
        time.advance(by: .seconds(25 * 3600))
        let later = try open()
        await later.close()
        #expect(try await keys() == [])
        held.cancel()
        _ = await held.result
    }

    @Test("a record or a chunk that is damaged is corrupted, and says which object")
    func damage() async throws {
        let bucket = try open()
        try await bucket.put(ByteStream([1, 2, 3]), to: "a")
        let chunk = try #require(try await keys().first { $0.hasPrefix("b/c/") })
        try await storage.write([1, 2], to: StorageKey(chunk))
        let content = try #require(try await bucket.get("a"))
        let short = await #expect(throws: EffectError.self) { try await content.body.bytes(atMost: 10) }
        #expect(short?.code == .corrupted)
        for bytes in [[], [1], [2, 0, 0], Array(repeating: UInt8(255), count: 100)] as [[UInt8]] {
            try await storage.write(bytes, to: "b/o/a")
            let error = await #expect(throws: EffectError.self) { try await bucket.info("a") }
            #expect(error?.code == .corrupted)
            #expect(error?.message.contains("'a'") == true)
        }
    }

    @Test("a body of an object that was removed meanwhile ends with a conflict")
    func removedMeanwhile() async throws {
        let bucket = try open()
        try await bucket.put(ByteStream(Array(repeating: 1, count: 1_000_000)), to: "a")
        let content = try #require(try await bucket.get("a"))
        var iterator = content.body.makeAsyncIterator()
        _ = try await iterator.next()
        try await bucket.remove("a")
        await bucket.close()
        let error = await #expect(throws: EffectError.self) {
            while try await iterator.next() != nil {}
        }
        #expect(error?.code == .conflict)
    }

    @Test(
        "a prefix that is empty or too long is refused with what to do",
        arguments: ["", String(repeating: "p", count: 1023)]
    )
    func prefixes(_ prefix: String) throws {
        let error = #expect(throws: EffectError.self) {
            try StoredObjectStorageHandler(over: storage, prefix: prefix, .system)
        }
        #expect(error?.code == .invalidArgument)
    }
}
