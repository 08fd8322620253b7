#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

@Suite("DynamoDB in trouble", .serialized)
struct DynamoDBFaultTests {
    let services: TestServices

    init() throws {
        let server = try Self.server.get()
        try server.set([StoreServer.Fault]())
        services = try TestServices(server)
    }

    /// One server for these tests, which ask it for faults one after the other.
    private static let server = Result { try StoreServer() }

    private let retrying = TestServices.plain.retryPolicy(.fixed(.milliseconds(5), attempts: 3))
    private let key = ItemKey("p", "a")

    func failure(_ body: () async throws -> Void) async -> EffectError? {
        await #expect(throws: EffectError.self) { try await body() }
    }

    private func item(_ number: Int64) -> Item { Item(["n": .integer(number)]) }

    @Test("reads are strong where that is asked for, and else are not", arguments: [ReadConsistency.strong, .eventual])
    func consistency(_ consistency: ReadConsistency) async throws {
        let handler = try await services.table()
        let table = DynamoDBTable(handler: handler)
        let before = try services.server.state.requests.count
        _ = try await handler.get(key, consistency: consistency)
        _ = try await handler.query(ItemQuery("p"), after: nil, limit: 1, consistency: consistency)
        _ = try await table.items([key], consistency: consistency)
        _ = try await table.scan(limit: 1, consistency: consistency)
        let made = try services.server.state.requests.dropFirst(before).filter { $0.contains("DynamoDB") }
        #expect(made.count == 4)
        #expect(made.allSatisfy { $0.hasSuffix(" strong") == (consistency == .strong) })
        await services.close()
    }

    @Test("an update whose answer is lost is told as what it was")
    func lostUpdate() async throws {
        let handler = try await services.table(nil, TestServices.plain.retryPolicy(.none))
        let table = DynamoDBTable(handler: handler)
        let first = try await handler.put(item(1), to: key)
        try services.server.set([.init(match: "UpdateItem", drop: "after")])
        let second = try await table.update(key, setting: ["m": 2], if: .matches(first))
        #expect(try await handler.get(key)?.revision == second)
        try services.server.set([.init(match: "UpdateItem", drop: "before")])
        let error = await failure { _ = try await table.update(key, setting: ["m": 3], if: .matches(second)) }
        #expect(error?.outcome == .unknown)
        #expect(try await handler.get(key)?.attributes == ["n": 1, "m": 2])
        await services.close()
    }

    @Test("a table that is short of throughput is waited for, and then it says so")
    func throttling() async throws {
        let table = try await services.table(nil, retrying)
        let fault = StoreServer.Fault(
            match: "PutItem",
            times: 2,
            status: 400,
            code: "ProvisionedThroughputExceededException"
        )
        try services.server.set([fault])
        let first = try await table.put(item(1), to: key)
        try services.server.set([fault])
        let revision = try await table.put(item(2), to: key, if: .matches(first))
        #expect(try await table.get(key)?.revision == revision)
        // What a second one would refuse or do twice is repeated too, since the first one did nothing.
        try services.server.set([fault])
        try await table.put(item(3), to: ItemKey("p", "new"), if: .absent)
        var removal = fault
        removal.match = "DeleteItem"
        try services.server.set([removal])
        try await table.remove(key, if: .matches(revision))
        var lasting = fault
        (lasting.match, lasting.times) = ("GetItem", 9)
        try services.server.set([lasting])
        let error = await failure { _ = try await table.get(key) }
        #expect(error?.code == .throttled)
        #expect(error?.message.contains("TESTREQUEST") == true)
        await services.close()
    }

    @Test("a conditional put whose answer is lost went through once", arguments: [CloudPrecondition.absent, .none])
    func lostAnswer(_ precondition: CloudPrecondition) async throws {
        let table = try await services.table()
        try services.server.set([.init(match: "PutItem", drop: "after")])
        let revision = try await table.put(item(1), to: key, if: precondition)
        let stored = try await table.get(key)
        #expect(stored?.revision == revision)
        #expect(stored?.item == item(1))
        await services.close()
    }

    @Test("a conditional put that may still be on its way is unknown, and another's item is not taken for its own")
    func lostRequest() async throws {
        let table = try await services.table()
        try services.server.set([.init(match: "PutItem", drop: "before")])
        let error = await failure { try await table.put(item(1), to: key, if: .absent) }
        #expect(error?.outcome == .unknown)
        #expect(try await table.get(key) == nil)
        let other = try await table.put(item(2), to: key)
        try services.server.set([.init(match: "PutItem", status: 500, code: "InternalServerError")])
        let doubtful = await failure { try await table.put(item(3), to: key, if: .matches(other)) }
        #expect(doubtful?.outcome == .unknown)
        #expect(try await table.get(key)?.revision == other)
        await services.close()
    }

    @Test("a transaction whose answer is lost is settled by its name, and applied once")
    func lostTransaction() async throws {
        let table = try await services.table()
        try services.server.set([.init(match: "TransactWriteItems", drop: "after")])
        let revisions = try await table.transact([
            .put(item(1), to: key, if: .absent), .put(item(2), to: ItemKey("p", "b"), if: .absent),
        ])
        #expect(try await table.get(key)?.revision == revisions[0])
        #expect(try await table.get(ItemKey("p", "b"))?.revision == revisions[1])
        await services.close()
    }

    @Test("what is left out of batches is asked for again")
    func partialBatches() async throws {
        let table = try await services.table()
        let batch = DynamoDBTable(handler: table)
        let keys = (0..<60).map { ItemKey("p\($0 % 3)", "key \($0)") }
        try services.server.set([
            .init(match: "BatchWriteItem", times: 2, leave: 20), .init(match: "BatchGetItem", times: 2, leave: 7),
        ])
        let revisions = try await batch.apply(keys.enumerated().map { .put(item(Int64($0)), to: $1) })
        let found = try await batch.items(Set(keys + [ItemKey("p", "none")]))
        #expect(found.count == 60)
        for (number, key) in keys.enumerated() {
            #expect(found[key]?.item == item(Int64(number)))
            #expect(found[key]?.revision == revisions[number])
        }
        try await batch.apply(keys.prefix(30).map { .remove($0) })
        var left: [StoredItem] = []
        var token: PageToken?
        repeat {
            let page = try await batch.scan(after: token, limit: 7)
            left += page.items
            token = page.next
        } while token != nil
        #expect(Set(left.map(\.key)) == Set(keys.dropFirst(30)))
        try services.server.set([.init(match: "BatchWriteItem", times: 99, leave: 1)])
        let error = await failure { try await batch.apply([.put(item(1), to: key)]) }
        #expect(error?.code == .throttled)
        await services.close()
    }

    @Test("an answer that was damaged on its way is noticed, and asked for again")
    func damage() async throws {
        let table = try await services.table(nil, retrying)
        try await table.put(item(1), to: key)
        try services.server.set([.init(match: "GetItem", corrupt: true)])
        #expect(try await table.get(key)?.item == item(1))
        try services.server.set([.init(match: "GetItem", times: 9, corrupt: true)])
        let error = await failure { _ = try await table.get(key) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("CRC32") == true)
        await services.close()
    }

    @Test("credentials that were replaced are fetched anew")
    func rotation() async throws {
        let table = try await services.table()
        try await table.put(item(1), to: key)
        try services.server.set([
            "AKIDOLD": .init(secret: "old", token: "token-1"), "AKIDNEW": .init(secret: "new", token: "token-2"),
        ])
        let fetches = Atomic(0)
        let source = RefreshingCredentials<AWSCredentials>(time: services.time) { () async throws(EffectError) in
            let isFirst = fetches.add(1, ordering: .relaxed).newValue == 1
            return AWSCredentials(
                accessKeyID: isFirst ? "AKIDOLD" : "AKIDNEW",
                secretAccessKey: Secret(isFirst ? "old" : "new"),
                sessionToken: Secret(isFirst ? "token-1" : "token-2")
            )
        }
        let signer = SigV4Signer(service: "dynamodb", region: "us-east-1")
        let auth = AWSAuthProvider(signer: signer, credentials: source, time: services.time)
        let reader = try await services.table(table.layout.table, TestServices.plain.authProvider(auth))
        #expect(try await reader.get(key)?.item == item(1))
        try services.server.set(["AKIDOLD": .init(secret: "old", token: "token-1", expired: true)])
        try await reader.put(item(2), to: key)
        #expect(try await table.get(key)?.item == item(2))
        #expect(fetches.load(ordering: .relaxed) == 2)
        await services.close()
    }

    @Test("a table that is not there, and an item that DynamoDB would refuse, say what to do")
    func refusals() async throws {
        let lost = try await services.table("no-such-table-anywhere")
        let error = await failure { _ = try await lost.get(key) }
        #expect(error?.message.contains("Create the table, or set 'table' to another one.") == true)
        #expect(error?.isRetryable == false)
        let table = try await services.table()
        let before = try services.server.state.requests.count
        // Each list takes DynamoDB more bytes than the item's own count says.
        let lists = Item(["a": .list(Array(repeating: .list([]), count: 150_000))])
        let refusal = await failure { try await table.put(lists, to: key) }
        #expect(refusal?.code == .invalidArgument)
        #expect(try services.server.state.requests.count == before)
        await services.close()
    }
}
#endif
