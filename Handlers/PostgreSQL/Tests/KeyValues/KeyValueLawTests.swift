#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import Testing

@Suite("The laws of key-values on PostgreSQL", .timeLimit(.minutes(2)))
struct KeyValueLawTests {
    @Test("no law is left out but those of what PostgreSQL does declare")
    func coverage() {
        let table = PostgreSQLKeyValueHarness()
        #expect(
            Set(KeyValueLaw.all.flatMap { $0.unmetRequirements(of: table) })
                == [.lacks(.strongReads), .lacks(.transactions)]
        )
    }

    @Test("key-values", arguments: KeyValueLaw.applicable(to: PostgreSQLKeyValueHarness()))
    func keyValues(_ law: KeyValueLaw) async throws {
        try await law.check(PostgreSQLKeyValueHarness())
    }

    @Test("of puts by two processes if absent exactly one goes through, key by key")
    func sharing() async throws {
        let harness = PostgreSQLKeyValueHarness()
        let first = try await harness.make()
        let tables = [first, try await harness.second(first)]
        for round in 0..<10 {
            let key = ItemKey("p", "\(round)")
            let codes = try await withThrowingTaskGroup(of: EffectError.Code?.self) { group in
                for number in 0..<4 {
                    let table = tables[number % 2]
                    group.addTask {
                        await thrownError { () throws(EffectError) in
                            try await table.put(Item(["n": .integer(Int64(number))]), to: key, if: .absent)
                        }?
                        .code
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1)
            #expect(codes.count { $0 == .preconditionFailed } == 3)
        }
        await harness.finish()
    }

    @Test("a page ends before it has more bytes than it should")
    func pages() async throws {
        let harness = PostgreSQLKeyValueHarness()
        let table = try await harness.make()
        let data = [UInt8](repeating: 1, count: 1_000_000)
        for number in 0..<7 { try await table.put(Item(["data": .bytes(data)]), to: ItemKey("p", "\(number)")) }
        for isBackwards in [false, true] {
            let query = ItemQuery("p", backwards: isBackwards)
            let first = try await table.query(query, after: nil, limit: 100, consistency: .strong)
            #expect(first.items.count == 5 && first.next != nil)
            let second = try await table.query(query, after: first.next, limit: 100, consistency: .strong)
            #expect(second.items.count == 2 && second.next == nil)
        }
        await harness.finish()
    }
}
#endif
