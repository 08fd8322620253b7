internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import Testing

@Suite("Storage over objects")
struct ObjectStorageTests {
    private func storage(_ bucket: TestBucket) throws -> ObjectStorageHandler {
        try ObjectStorageHandler(over: bucket, prefix: "s/", random: HandlerContext.system.random)
    }

    @Test("equal values written again have other revisions, also where the service's revisions repeat")
    func equalValues() async throws {
        let storage = try storage(TestBucket(.repeatingRevisions))
        let first = try await storage.write([1], to: "a")
        _ = try await storage.write([2], to: "a")
        let third = try await storage.write([1], to: "a")
        #expect(first != third)
        await #expect(throws: EffectError.self) { try await storage.write([9], to: "a", if: .matches(first)) }
        #expect(try await storage.read("a")?.bytes == [1])
    }

    @Test("a write whose acknowledgement is lost has gone through where it is there", arguments: BucketKind.allCases)
    func unacknowledged(_ kind: BucketKind) async throws {
        let bucket = TestBucket(kind)
        let storage = try storage(bucket)
        bucket.failNextPut(.unacknowledged)
        let first = try await storage.write([1], to: "a", if: .absent)
        bucket.failNextPut(.unacknowledged)
        let second = try await storage.write([2], to: "a", if: .matches(first))
        #expect(try await storage.read("a") == StoredValue(bytes: [2], revision: second))
        await #expect(throws: EffectError.self) { try await storage.write([3], to: "a", if: .absent) }
    }

    @Test("a write that is not there after a lost acknowledgement says that its outcome is unknown")
    func unknown() async throws {
        let bucket = TestBucket(.complete)
        let storage = try storage(bucket)
        for fault in [TestBucket.PutFault.lost, .overwritten([7])] {
            for precondition in [StoragePrecondition.none, .absent] {
                try await storage.remove("a")
                bucket.failNextPut(fault)
                let error = await #expect(throws: EffectError.self) {
                    try await storage.write([1], to: "a", if: precondition)
                }
                #expect(error?.code == .unavailable)
                #expect(error?.outcome == .unknown)
                #expect(error?.effect == "storage")
                #expect(error?.handler == "objects")
            }
        }
    }

    @Test("a removal without a condition of the service leaves a mark, which is no value")
    func marks() async throws {
        let bucket = TestBucket(.plainRemoval)
        let storage = try storage(bucket)
        for number in 0..<5 { _ = try await storage.write([1], to: StorageKey("key \(number)")) }
        for number in 0..<4 { #expect(try await storage.remove(StorageKey("key \(number)"))) }
        #expect(try await storage.remove("key 1") == false)
        #expect(bucket.keys.count == 5)
        let page = try await storage.list(prefix: "", after: nil, limit: 1)
        #expect(page.items.map(\.key) == ["key 4"])
        #expect(page.next == nil)
        bucket.failNextPut(.unacknowledged)
        #expect(try await storage.remove("key 4"), "a mark whose acknowledgement was lost")
        let revision = try await storage.write([2], to: "key 1", if: .absent)
        #expect(try await storage.read("key 1") == StoredValue(bytes: [2], revision: revision))
        let listed = try await storage.list(prefix: "", after: nil, limit: 10).items
        #expect(listed == [StoragePage.Item(key: "key 1", revision: revision, byteCount: 1)])
    }

    @Test("a bucket that lacks it removes nothing but what it saw: the value of another writer stays")
    func removedMeanwhile() async throws {
        let bucket = TestBucket(.repeatingRevisions)
        let storage = try storage(bucket)
        let stale = try await storage.write([1], to: "a")
        let current = try await storage.write([2], to: "a")
        let error = await #expect(throws: EffectError.self) { try await storage.remove("a", if: .matches(stale)) }
        #expect(error?.code == .preconditionFailed)
        #expect(try await storage.read("a")?.revision == current)
    }

    @Test("pages that follow each other ask the bucket for each object once")
    func pages() async throws {
        let bucket = TestBucket(.complete)
        let storage = try storage(bucket)
        for number in 0..<60 { _ = try await storage.write([1], to: StorageKey("\(100 + number)")) }
        let keys = try await allKeys(storage, pageSize: 10)
        #expect(keys == (100..<160).map { StorageKey("\($0)") })
        // A page, and a look at what follows; the last page has nothing behind it.
        #expect(bucket.listCount <= 12)
    }

    @Test("a listing goes on where the service has forgotten its tokens")
    func forgottenTokens() async throws {
        let bucket = TestBucket(.complete)
        let storage = try storage(bucket)
        for number in 0..<30 { _ = try await storage.write([1], to: StorageKey("\(100 + number)")) }
        let first = try await storage.list(prefix: "1", after: nil, limit: 10)
        bucket.forgetTokens()
        let second = try await storage.list(prefix: "1", after: first.next, limit: 10)
        #expect(second.items.map(\.key) == (110..<120).map { StorageKey("\($0)") })
    }

    private func allKeys(_ storage: some StorageEffects, pageSize: Int) async throws -> [StorageKey] {
        var keys: [StorageKey] = []
        var after: StorageKey?
        repeat {
            let page = try await storage.list(prefix: "", after: after, limit: pageSize)
            keys += page.items.map(\.key)
            after = page.next
        } while after != nil
        return keys
    }

    @Test("an object that no storage has written is corrupted, and says what to do", arguments: [0, 3, 24, 56, 200])
    func foreign(_ size: Int) async throws {
        let bucket = TestBucket(.complete)
        let storage = try storage(bucket)
        _ = try await bucket.put(ByteStream(Array(repeating: 7, count: size)), to: "s/a")
        let error = await #expect(throws: EffectError.self) { try await storage.read("a") }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("'a'") == true)
    }

    @Test("a value that was moved to another key, cut short or grown is corrupted")
    func moved() async throws {
        let bucket = TestBucket(.complete)
        let storage = try storage(bucket)
        _ = try await storage.write([1, 2, 3], to: "a")
        let content = try #require(try await bucket.get("s/a"))
        let bytes = try await content.body.bytes(atMost: 1000)
        _ = try await bucket.put(ByteStream(bytes), to: "s/b")
        for key: StorageKey in ["a", "b"] {
            if key == "a" { bucket.change("s/a") { $0.removeLast() } }
            let error = await #expect(throws: EffectError.self) { try await storage.read(key) }
            #expect(error?.code == .corrupted)
        }
        bucket.change("s/a") { $0 = bytes + [0] }
        let grown = await #expect(throws: EffectError.self) { try await storage.read("a") }
        #expect(grown?.code == .corrupted)
        bucket.change("s/a") { $0 = bytes }
        #expect(try await storage.read("a")?.bytes == [1, 2, 3])
    }

    @Test("an object of the bare prefix, which shows as a folder, is no key")
    func folder() async throws {
        let bucket = TestBucket(.plainKeys)
        let storage = try storage(bucket)
        _ = try await bucket.put(ByteStream([]), to: "s/")
        #expect(try await storage.list(prefix: "", after: nil, limit: 10) == StoragePage(items: [], next: nil))
    }

    @Test("a name that no key has is corrupted where names are written otherwise than keys")
    func foreignName() async throws {
        let bucket = TestBucket(.plainKeys)
        let storage = try storage(bucket)
        _ = try await bucket.put(ByteStream([1]), to: "s/a b")
        let error = await #expect(throws: EffectError.self) {
            try await storage.list(prefix: "", after: nil, limit: 10)
        }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("'s/a b'") == true)
    }

    @Test("names keep the order of the keys and stay within what a plain bucket takes")
    func names() async throws {
        let bucket = TestBucket(.plainKeys)
        let storage = try storage(bucket)
        let texts = (0..<128).map { String(UnicodeScalar(UInt8($0))) }
        let keys = (texts + texts.map { "a" + $0 + "b" } + [".", "..", "é", "~~", "  "]).map { StorageKey($0) }
        for key in keys { _ = try await storage.write([1], to: key) }
        #expect(bucket.keys.count == Set(keys).count)
        #expect(try await allKeys(storage, pageSize: 100) == Set(keys).sorted())
        for key in keys { #expect(try await storage.read(key)?.bytes == [1]) }
    }

    @Test(
        "a prefix that cannot be is refused with what to do",
        arguments: ["", ".", "a\n", String(repeating: "p", count: 1024)]
    )
    func prefixes(_ prefix: String) throws {
        let error = #expect(throws: EffectError.self) {
            try ObjectStorageHandler(
                over: TestBucket(.plainKeys),
                prefix: prefix,
                random: HandlerContext.system.random
            )
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.operation == "open")
    }

    @Test("a profile keeps values in a bucket")
    func profile() async throws {
        let yaml = """
            profile: test
            environment: mobile
            storage: { handler: objects, prefix: values/, over: { handler: memory } }
            time: { handler: system }
            random: { handler: system }
            """
        let registry = HandlerRegistry {
            MemoryHandlers()
            SystemHandlers()
            LayeredHandlers()
        }
        let assembly = try Assembly(
            Profile(yaml: yaml, file: "test.yaml"),
            registry,
            needs: [.storage],
            variables: [:],
            machine: MachineLimits()
        )
        let declared = try #require(assembly.handlers.last).capabilities(under: assembly.resources.budget)
        try await assembly.withEffects(logger: HandlerContext.system.logger) { effects, _ in
            #expect(effects.storage.capabilities == declared)
            let revision = try await effects.storage.write([1], to: "key")
            #expect(try await effects.storage.read("key") == StoredValue(bytes: [1], revision: revision))
        }
    }
}
