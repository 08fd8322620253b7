#if AWS
internal import AuraEffects
internal import Testing

@testable internal import AuraAWS

@Suite("Updates of items of DynamoDB, by moto")
struct UpdateTests {
    private let key = ItemKey("p", "a")

    @Test("what is set is set, what is removed is away, and the rest stays")
    func attributes() async throws {
        let services = TestServices.shared()
        let handler = try await services.table()
        let table = DynamoDBTable(handler: handler)
        let made = try await table.update(key, setting: ["n": 1, "pk": .text("x"), "gone": true])
        #expect(try await handler.get(key)?.attributes == ["n": 1, "pk": .text("x"), "gone": true])
        let changed = try await table.update(key, setting: ["n": 2], removing: ["gone", "never"], if: .matches(made))
        let found = try #require(try await handler.get(key))
        #expect(found.attributes == ["n": 2, "pk": .text("x")] && found.revision == changed)
        for precondition in [CloudPrecondition.absent, .matches(made)] {
            let error = await #expect(throws: EffectError.self) {
                try await table.update(key, setting: ["n": 3], if: precondition)
            }
            #expect(error?.code == .preconditionFailed && error?.outcome == .notApplied)
        }
        let twice = await #expect(throws: EffectError.self) {
            try await table.update(key, setting: ["n": 3], removing: ["n"])
        }
        #expect(twice?.code == .invalidArgument)
        #expect(try await handler.get(key) == found)
        await services.close()
    }

    @Test("nothing of an item whose time is over comes back")
    func expired() async throws {
        let services = TestServices.shared()
        let handler = try await services.table()
        let table = DynamoDBTable(handler: handler)
        for precondition in [CloudPrecondition.none, .absent] {
            let soon = WallTime(nanosecondsSinceEpoch: services.time.now.nanosecondsSinceEpoch + 1_000_000_000)
            try await handler.put(Item(["old": 1], expires: soon), to: key)
            services.time.advance(by: .seconds(2))
            try await table.update(key, setting: ["new": 1], if: precondition)
            let found = try #require(try await handler.get(key))
            #expect(found.attributes == ["new": 1] && found.item.expires == nil)
        }
        await services.close()
    }
}
#endif
