#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import AuraAWS

@Suite("DynamoDB and SQS beside AWS's own tools")
struct PeerTests {
    private func peer(_ services: TestServices, _ what: String, _ name: String) throws -> [String: String] {
        let said = try PeerProgram(services.server).run("python3", [PeerProgram.script, what, name])
        return try JSONDecoder().decode([String: String].self, from: Data(said.utf8))
    }

    @Test("boto3 reads the items that Aura stored, and Aura those of boto3")
    func items() async throws {
        let services = TestServices.shared()
        let table = try await services.table()
        let stored = Item(
            ["n": .integer(7), "f": .double(0.5), "t": "é", "b": .bytes([0, 255]), "l": [1, nil], "pk": "mine"],
            expires: WallTime(nanosecondsSinceEpoch: 4_000_000_000_000_000_001)
        )
        let revision = try await table.put(stored, to: ItemKey("p", "1"))
        let seen = try peer(services, "items", table.layout.table)
        let expected =
            #"{"aura:=pk": "mine", "aura:expires": "4000000000000000001", "aura:revision": ""# + revision.rawValue
            + #"", "aura:ttl": "4000000001", "b": "00ff", "f": "0.5", "l": ["1", null], "n": "7", "pk": "p", "sk": "1", "#
            + #""t": "é"}"#
        #expect(seen["1"] == expected)
        let found = try #require(try await table.get(ItemKey("boto3", "1")))
        guard case .list(let tags) = found.attributes["tags"] else {
            Issue.record("a set is no list")
            return
        }
        #expect(Set(tags) == ["a", "b"])
        var others = found.attributes
        others["tags"] = nil
        #expect(
            others == [
                "n": 7, "price": 1.25, "big": .double(1e20), "data": .bytes([0, 255]), "none": nil,
                "map": .map(["list": [true, "text"]]),
            ]
        )
        #expect(try await table.get(ItemKey("boto3", "2")) == nil)
        let next = try await table.put(Item(["n": 8]), to: ItemKey("boto3", "1"), if: .matches(found.revision))
        await #expect(throws: EffectError.self) {
            try await table.put(Item(["n": 9]), to: ItemKey("boto3", "1"), if: .matches(found.revision))
        }
        #expect(try await table.get(ItemKey("boto3", "1"))?.revision == next)
        await services.close()
    }

    @Test("boto3 reads the messages that Aura sent, and Aura those of boto3")
    func messages() async throws {
        let services = TestServices.shared()
        let queue = try await services.queue()
        for body in ["by aura é".utf8.map { $0 }, [0, 255], []] {
            try await queue.send(QueueMessage(body, attributes: ["a": "b", "e": ""]))
        }
        let seen = try peer(services, "messages", queue.options.queue)
        #expect(seen["by aura é"] == #"{"a": "b", "e": "-"}"#)
        #expect(seen["AP8="] == #"{"a": "b", "aura.encoding": "base64", "e": "-"}"#)
        #expect(seen["-"] == #"{"a": "b", "aura.encoding": "empty", "e": "-"}"#)
        let received = try await queue.receive(limit: 10, visibility: .seconds(30))
        #expect(received.map { String(decoding: $0.body, as: UTF8.self) } == ["by boto3 é"])
        #expect(received.first?.attributes == ["a": "7"])
        await services.close()
    }

    @Test("AWS's services by their names use the table and the queue")
    func facade() async throws {
        let services = TestServices.shared()
        let bucket = try await services.store.make()
        let table = try await services.table()
        let queue = try await services.queue()
        let cloud = try await AWSCloud(
            TestServices.plain.region("us-east-1").endpoint(services.server.endpoint),
            bucket: bucket.client.address.bucket,
            table: table.layout.table,
            queue: queue.options.queue,
            services.context,
            credentials: services.store.credentials
        )
        let key = ItemKey("p", "a")
        try await cloud.keyValues.put(Item(["n": 1]), to: key)
        #expect(try await cloud.dynamoDB?.items([key])[key]?.attributes == ["n": 1])
        try await cloud.queue.send(QueueMessage([1]))
        #expect(try await cloud.sqs?.counts().waiting == 1)
        await cloud.stop()
        await services.close()
    }
}
#endif
