#if AWS
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@testable internal import AuraAWS

@Suite("DynamoDB beside a table in memory")
struct DynamoDBModelTests {
    /// Numbers that are the same in each run (splitmix64).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// What an operation came to, with the revisions by the order in which they were made.
    private enum Outcome: Equatable {
        case done([Int?])
        case found([String], [Item], [Int?])
        case failed(EffectError.Code)
    }

    /// One of the two tables.
    private struct Side {
        let table: any KeyValueEffects
        var revisions: [CloudRevision] = []

        mutating func number(_ revision: CloudRevision?) -> Int? {
            guard let revision else { return nil }
            if let known = revisions.firstIndex(of: revision) { return known }
            revisions.append(revision)
            return revisions.count - 1
        }

        func precondition(_ chosen: Int) -> CloudPrecondition {
            switch chosen {
            case -2: .none
            case -1: .absent
            default: revisions.indices.contains(chosen) ? .matches(revisions[chosen]) : .absent
            }
        }

        mutating func perform(_ step: Step) async -> Outcome {
            do throws(EffectError) {
                switch step {
                case .get(let key):
                    let found = try await table.get(key)
                    return .found([], found.map { [$0.item] } ?? [], [number(found?.revision)])
                case .put(let key, let item, let chosen):
                    return .done([number(try await table.put(item, to: key, if: precondition(chosen)))])
                case .remove(let key, let chosen):
                    try await table.remove(key, if: precondition(chosen))
                    return .done([])
                case .transact(let changes):
                    let mutations = changes.map { key, item, chosen in
                        ItemMutation(key, item.map { .put($0) } ?? .remove, if: precondition(chosen))
                    }
                    return .done(try await table.transact(mutations).map { number($0) })
                case .query(let query):
                    var items: [StoredItem] = []
                    var token: PageToken?
                    repeat {
                        let page = try await table.query(query, after: token, limit: 3, consistency: .strong)
                        items += page.items
                        token = page.next
                    } while token != nil
                    return .found(items.map(\.key.sort), items.map(\.item), items.map { number($0.revision) })
                }
            } catch {
                return .failed(error.code)
            }
        }
    }

    private enum Step {
        case get(ItemKey)
        case put(ItemKey, Item, Int)
        case remove(ItemKey, Int)
        case transact([(ItemKey, Item?, Int)])
        case query(ItemQuery)
    }

    private static let values: [ItemValue] = [
        .null, .boolean(true), .integer(.min), .integer(7), .double(-0.0), .double(5), .double(0.1),
        .double(.leastNonzeroMagnitude), .double(-.greatestFiniteMagnitude), .double(1e300), .double(1.5e-100),
        .text(""), .text("e\u{301} \u{0} 👩‍👩‍👧"), .bytes([]), .bytes(Array(0...255)), .list([]),
        .list([.integer(1), .list([.double(2)])]), .map([:]),
        .map(["aura:double": .text("5"), "aura:=": .map(["x": .null])]),
    ]

    private static let names = ["n", "pk", "sk", "aura:revision", "aura:=pk", "aura:ttl", "a b", "é", "#x"]

    private static func step(_ generator: inout Generator, at now: WallTime, revisions: Int) -> Step {
        func key() -> ItemKey { ItemKey("p", ["a", "b", "c", "d/e", "é"].randomElement(using: &generator) ?? "a") }
        func precondition() -> Int {
            [-2, -1, revisions - 1, Int.random(in: 0...max(0, revisions), using: &generator)]
                .randomElement(using: &generator) ?? -2
        }
        func item() -> Item {
            var item = Item([:])
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                item.attributes[names.randomElement(using: &generator) ?? "n"] = values.randomElement(using: &generator)
            }
            if Int.random(in: 0..<4, using: &generator) == 0 { item.expires = now.later(by: .seconds(30)) }
            return item
        }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...1: return .get(key())
        case 2...5: return .put(key(), item(), precondition())
        case 6: return .remove(key(), precondition())
        case 7:
            let keys = Set((0..<3).map { _ in key() }).sorted()
            return .transact(keys.map { ($0, Bool.random(using: &generator) ? item() : nil, precondition()) })
        default:
            let sorts: [ItemQuery.SortKeys] = [
                .all, .prefix("d"), .prefix(""), .range(from: "b", before: "d/e"), .range(from: nil, before: "c"),
                .range(from: "c", before: nil), .range(from: "z", before: "a"),
            ]
            let chosen = sorts.randomElement(using: &generator) ?? .all
            return .query(ItemQuery("p", chosen, backwards: Bool.random(using: &generator)))
        }
    }

    @Test("a long run of operations comes to the same on both", arguments: [11, 12] as [UInt64])
    func model(_ seed: UInt64) async throws {
        let services = TestServices.shared()
        var generator = Generator(state: seed)
        var memory = Side(table: MemoryKeyValueHandler(time: services.time))
        var dynamoDB = Side(table: try await services.table())
        for number in 0..<150 {
            let step = Self.step(&generator, at: services.time.now, revisions: memory.revisions.count)
            let expected = await memory.perform(step)
            let found = await dynamoDB.perform(step)
            #expect(found == expected, "step \(number) of seed \(seed): \(step)")
            if number % 10 == 9 { services.time.advance(by: .seconds(13)) }
        }
        #expect(memory.revisions.count > 20)
        #expect(Set(dynamoDB.revisions).count == memory.revisions.count)
        await services.close()
    }
}
#endif
