internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import Testing

@Suite("A namespace within storage")
struct PrefixingTests {
    let memory = MemoryStorageHandler()

    @Test("namespaces of one storage see their own keys alone")
    func isolation() async throws {
        let first = try PrefixingStorageHandler(prefix: "a/", over: memory)
        let second = try PrefixingStorageHandler(prefix: "b/", over: memory)
        try await first.write([1], to: "k")
        try await second.write([2], to: "k")
        try await memory.write([3], to: "k")
        // The prefix itself is a key of the storage underneath and none of the namespace.
        try await memory.write([4], to: "a/")
        #expect(try await first.read("k")?.bytes == [1])
        #expect(try await second.read("k")?.bytes == [2])
        #expect(try await memory.read("a/k")?.bytes == [1])
        #expect(try await first.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["k"])
        try await first.remove("k")
        #expect(try await second.read("k")?.bytes == [2])
        #expect(try await memory.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["a/", "b/k", "k"])
    }

    @Test("a transaction stays within the namespace")
    func transactions() async throws {
        let storage = try PrefixingStorageHandler(prefix: "a/", over: memory)
        try await storage.transact([.write([1], to: "x"), .write([2], to: "y")])
        #expect(try await memory.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["a/x", "a/y"])
    }

    @Test("keys are shorter by the prefix's bytes")
    func limits() throws {
        let storage = try PrefixingStorageHandler(prefix: "é/", over: memory)
        #expect(storage.capabilities.limit(.keyBytes) == 1021)
    }

    @Test(
        "an empty prefix and one that leaves no room are refused",
        arguments: ["", String(repeating: "p", count: 1024)]
    )
    func refusals(_ prefix: String) {
        let error = #expect(throws: EffectError.self) { try PrefixingStorageHandler(prefix: prefix, over: memory) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.handler == "prefixing")
    }
}
