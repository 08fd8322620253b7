#if SQLite
internal import AuraEffects
internal import Foundation
internal import Testing

/// `storage ls`, `get`, `put`, `rm` and `copy`.
struct StorageTests {
    let place: Workplace
    let location = "sqlite:storage.db"

    init() throws {
        place = try Workplace()
    }

    @Test("what is put is got back byte by byte, also what is no text")
    func putAndGet() async throws {
        let bytes = Data((0...255).map(UInt8.init))
        let put = try place.aura("storage", "put", location, "binary", input: bytes)
        #expect(put.code == 0, "\(put.errors)")
        #expect(try place.aura("storage", "get", location, "binary").bytes == bytes)
        let stored = try await place.withStorage("storage.db") { try await $0.read("binary") }
        #expect(stored?.bytes == Array(bytes))

        #expect(try place.aura("storage", "put", location, "ä/../b", "hello").code == 0)
        #expect(try place.aura("storage", "get", location, "ä/../b").output == "hello")
        let json = try place.aura("storage", "get", location, "ä/../b", "--json").json
        #expect(json["text"] as? String == "hello")
        #expect(json["bytes"] as? Int == 5)
        let hex = try place.aura("storage", "get", location, "binary", "--json").json
        #expect((hex["hex"] as? String)?.hasPrefix("000102") == true)
        #expect(try place.aura("storage", "put", location, "empty", input: Data()).code == 0)
        #expect(try place.aura("storage", "get", location, "empty").bytes == Data())
    }

    @Test("a value that is not there ends with 66")
    func missing() throws {
        #expect(try place.aura("storage", "put", location, "a", "1").code == 0)
        let outcome = try place.aura("storage", "get", location, "b")
        #expect(outcome.code == 66)
        #expect(outcome.errors.contains("There is no value under 'b'"))
        let removed = try place.aura("storage", "rm", location, "b", "a", "--json")
        #expect(removed.code == 66)
        #expect(try removed.jsonLines.map { $0["removed"] as? Bool } == [false, true])
        #expect(try place.aura("storage", "ls", location).output == "")
    }

    @Test("conditions on what is there hold")
    func conditions() throws {
        let first = try place.aura("storage", "put", location, "key", "1", "--if-absent", "--json")
        let revision = try #require(try first.json["revision"] as? Int)
        let again = try place.aura("storage", "put", location, "key", "2", "--if-absent", "--json")
        #expect(again.code == 1)
        #expect(try again.jsonError["code"] as? String == "preconditionFailed")
        let second = try place.aura("storage", "put", location, "key", "2", "--if-revision", "\(revision)", "--json")
        #expect(second.code == 0)
        #expect(try place.aura("storage", "put", location, "key", "3", "--if-revision", "\(revision)").code == 1)
        #expect(try place.aura("storage", "rm", location, "key", "--if-revision", "\(revision)").code == 1)
        #expect(try place.aura("storage", "get", location, "key").output == "2")
    }

    @Test("ls lists keys in the order of their bytes, page by page and within a prefix")
    func list() async throws {
        try await place.withStorage("storage.db") { storage in
            try await storage.transact((0..<2500).map { .write([0, 1], to: StorageKey("k/\($0 + 10_000)")) })
            _ = try await storage.write([], to: "z\u{1b}")
        }
        let all = try place.aura("storage", "ls", location, "--json").jsonLines.compactMap { $0["key"] as? String }
        #expect(all.count == 2501)
        #expect(all == all.sorted())
        let part = try place.aura(
            "storage",
            "ls",
            location,
            "--prefix",
            "k/",
            "--after",
            "k/12490",
            "--limit",
            "5",
            "--json"
        )
        #expect(try part.jsonLines.map { $0["key"] as? String } == (12_491...12_495).map { "k/\($0)" })
        let text = try place.aura("storage", "ls", location, "--prefix", "z")
        #expect(text.lines.count == 1)
        #expect(!text.output.contains("\u{1b}"))
    }

    @Test("copy takes everything over, goes on where it was stopped, and replaces what differs")
    func copy() async throws {
        try await place.withStorage("storage.db") { storage in
            try await storage.transact(
                (0..<2200).map { .write(Array("value \($0)".utf8), to: StorageKey("key \($0)")) }
            )
        }
        // A copy that was stopped has some of the values; one has changed since, and one is of the destination alone.
        try await place.withStorage("copy.db") { copy in
            try await copy.transact(
                (0..<700).map { .write(Array("value \($0)".utf8), to: StorageKey("key \($0)")) }
                    + [.write(Array("older".utf8), to: "key 800"), .write([], to: "own")]
            )
        }
        let json = try place.aura("storage", "copy", location, "sqlite:copy.db", "--json").json
        #expect(json["written"] as? Int == 1500)
        #expect(json["known"] as? Int == 700)
        var expected = try await contents("storage.db")
        #expect(expected.count == 2200)
        expected["own"] = []
        #expect(try await contents("copy.db") == expected)
        let again = try place.aura("storage", "copy", location, "sqlite:copy.db", "--prefix", "key 1")
        #expect(again.output == "0 values copied, 0 B; 1111 were there\n")
    }

    @Test("copy goes from one handler to another and back, and nothing is lost")
    func copyBetweenHandlers() async throws {
        try await place.withStorage("storage.db") { storage in
            try await storage.transact(
                [.write([], to: "empty"), .write([0, 255], to: "../ä"), .write(Array("x".utf8), to: "a/b")]
            )
        }
        #expect(try place.aura("storage", "copy", location, "filesystem:folder").code == 0)
        #expect(try place.aura("storage", "ls", "filesystem:folder", "--json").jsonLines.count == 3)
        #expect(try place.aura("storage", "copy", "filesystem:folder", "sqlite:back.db").code == 0)
        #expect(try await contents("back.db") == (try await contents("storage.db")))
    }

    private func contents(_ name: String) async throws -> [StorageKey: [UInt8]] {
        try await place.withStorage(name) { storage in
            var contents: [StorageKey: [UInt8]] = [:]
            var next: StorageKey?
            repeat {
                let page = try await storage.list(prefix: "", after: next, limit: 1000)
                for item in page.items { contents[item.key] = try await storage.read(item.key)?.bytes }
                next = page.next
            } while next != nil
            return contents
        }
    }
}
#endif
