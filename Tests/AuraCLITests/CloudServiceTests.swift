#if SQLite
internal import Foundation
internal import Testing

/// `cloud kv`, `queue`, `topic` and `function`, on handlers of this machine.
struct CloudServiceTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write(
            """
            profile: test
            environment: embedded
            cloud:
              keyValues:
                default: { handler: sqlite, path: items.db }
                passing: { handler: memory }
              queue: { handler: memory }
              topics: { handler: memory }
              functions: { handler: memory }
            time: { handler: system }
            random: { handler: system }
            """,
            to: "test.yaml"
        )
    }

    private func cloud(_ arguments: String..., input: String = "") throws -> AuraProcess.Outcome {
        try AuraProcess(["cloud"] + arguments + ["--profile", "test.yaml"], in: place, input: Data(input.utf8)).wait()
    }

    @Test("an item comes back as it was stored, whatever JSON it is")
    func items() throws {
        let item = #"{"a":1,"b":-2.5,"c":"é\n","d":[true,null,{"e":9007199254740993}],"f":{"$bytes":"AP8="}}"#
        let put = try cloud("kv", "put", "albums", "1", item, "--json")
        #expect(put.code == 0, "\(put.output) \(put.errors)")
        let revision = try #require(try put.json["revision"] as? String)
        #expect(try cloud("kv", "get", "albums", "1").output == item + "\n")
        #expect(try cloud("kv", "get", "albums", "1", "--json").json["revision"] as? String == revision)
        #expect(try cloud("kv", "put", "albums", "2", input: #"{"n":2}"#).code == 0)
        #expect(try cloud("kv", "query", "albums").lines == ["1  \(item)", #"2  {"n":2}"#])
        let last = try cloud("kv", "query", "albums", "--backwards", "--limit", "1", "--json").jsonLines
        #expect(last.map { $0["sort"] as? String } == ["2"])
        #expect(try cloud("kv", "query", "albums", "--prefix", "1").lines.count == 1)
        #expect(try cloud("kv", "query", "albums", "--from", "2").lines.count == 1)
        #expect(try cloud("kv", "delete", "albums", "2").output == "removed albums 2\n")
        #expect(try cloud("kv", "query", "albums", "--json").jsonLines.count == 1)
        let gone = try cloud("kv", "put", "albums", "3", "{}", "--expires-in", "1ms")
        #expect(gone.code == 0, "\(gone.errors)")
        #expect(try cloud("kv", "get", "albums", "3").code == 66)
    }

    @Test("conditions hold, and what is not there ends with 66 and says what to do")
    func conditions() throws {
        #expect(try cloud("kv", "put", "p", "a", "{}", "--if-absent").code == 0)
        let again = try cloud("kv", "put", "p", "a", "{}", "--if-absent", "--json")
        #expect(again.code == 1)
        #expect(try again.jsonError["code"] as? String == "preconditionFailed")
        #expect(try cloud("kv", "delete", "p", "a", "--if-revision", "none").code == 1)
        let missing = try cloud("kv", "get", "p", "b")
        #expect(missing.code == 66)
        #expect(missing.errors.contains("aura cloud kv query p"), "\(missing.errors)")
        #expect(try cloud("topic", "publish", "none", "a").code == 66)
        #expect(try cloud("topic", "subscriptions", "none").code == 66)
        #expect(try cloud("function", "invoke", "none", "a").code == 66)
    }

    @Test("an item that is none is refused, with what is wrong and what to write")
    func refusedItems() throws {
        for item in ["[1]", "{", "{\"a\":1e999}", #"{"a":{"$bytes":"?"}}"#] {
            let outcome = try cloud("kv", "put", "p", "a", item)
            #expect(outcome.code == 1, "\(item)")
            #expect(outcome.errors.contains("Write one such as"), "\(outcome.errors)")
        }
        #expect(try cloud("kv", "get", "p", "a").code == 66)
    }

    @Test("a message is sent, and nothing is received where nothing waits")
    func messages() throws {
        let sent = try cloud("queue", "send", "--attribute", "kind=a", "--json", input: "piped")
        #expect(sent.code == 0, "\(sent.errors)")
        #expect(try sent.json["bytes"] as? Int == 5)
        #expect(try cloud("queue", "receive").output == "")
        #expect(try cloud("queue", "receive", "--limit", "0").code == 64)
        #expect(try cloud("queue", "send", "a", "--delay", "soon").code == 64)
        #expect(try cloud("queue", "send", "a", "--attribute", "kind").code == 64)
    }

    @Test("what the profile does not have is named with what to do")
    func wrong() throws {
        try place.write("profile: bare\nenvironment: embedded\n", to: "bare.yaml")
        for (command, effect) in [
            (["kv", "get", "p", "a"], "keyValues"), (["queue", "receive"], "queue"),
            (["topic", "subscriptions", "t"], "topics"), (["function", "invoke", "f", "1"], "functions"),
        ] {
            let bare = try AuraProcess(["cloud"] + command + ["--profile", "bare.yaml"], in: place).wait()
            #expect(bare.code == 78)
            #expect(bare.errors.contains("has no \(effect)"), "\(bare.errors)")
        }
        #expect(try cloud("kv", "get", "p", "a", "--instance", "none").code == 78)
        #expect(try cloud("kv", "put", "p", "a", "{}", "--instance", "passing").code == 0)
        let none = try place.aura("cloud", "queue", "receive")
        #expect(none.code == 64)
        #expect(none.errors.contains("--profile NAME"))
    }
}
#endif
