#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

extension DynamoDBFaultTests {
    /// Appends entries one by one from eight tasks at once, each with something before it.
    private func append(
        _ count: Int,
        to journal: KeyValueJournalHandler,
        before: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) async throws -> Set<EntryID> {
        let context = services.context
        return try await withThrowingTaskGroup(of: [EntryID].self) { group in
            for task in 0..<8 {
                group.addTask {
                    var ids: [EntryID] = []
                    for number in stride(from: task, to: count, by: 8) {
                        try before(number)
                        let id = EntryID(time: context.time, random: context.random)
                        let draft = JournalEntry.Draft(id: id, kind: "note/1", payload: [UInt8(number)])
                        ids += try await journal.append([draft], to: StreamName("\(task)")).ids
                    }
                    return ids
                }
            }
            return try await group.reduce(into: []) { $0.formUnion($1) }
        }
    }

    private func expect(_ ids: Set<EntryID>, in journal: KeyValueJournalHandler) async throws {
        let entries = try await journal.readAll(after: .start, limit: 1000)
        #expect(entries.count == ids.count && Set(entries.map(\.id)) == ids)
        for (_, stream) in Dictionary(grouping: entries, by: \.stream) {
            let numbers = stream.compactMap { $0.payload?.first }
            #expect(numbers == numbers.sorted())
        }
        let report = try await journal.verify()
        #expect(report.problems.isEmpty)
    }

    @Test(
        "appends amid which a journal's table throttles, or its answers get lost, are there once and in order",
        arguments: [nil, "after", "before"]
    )
    func journalInTrouble(_ drop: String?) async throws {
        let table = try await services.table()
        let journal = try await KeyValueJournalHandler.open(over: table, .init(), services.context)
        var fault = StoreServer.Fault(match: "PutItem", skip: 2, times: 4, drop: drop)
        if drop == nil { (fault.status, fault.code) = (400, "ProvisionedThroughputExceededException") }
        try services.server.set([fault])
        let ids = try await append(64, to: journal)
        try services.server.set([StoreServer.Fault]())
        try await expect(ids, in: journal)
        await journal.close()
        await services.close()
    }

    @Test("credentials that are replaced while a journal appends are fetched anew, and no append is lost")
    func rotationUnderLoad() async throws {
        let table = try await services.table()
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
        let rotating = try await services.table(table.layout.table, TestServices.plain.authProvider(auth))
        let journal = try await KeyValueJournalHandler.open(over: rotating, .init(), services.context)
        let server = services.server
        let ids = try await append(64, to: journal) { number in
            guard number == 24 else { return }
            try server.set(["AKIDOLD": .init(secret: "old", token: "token-1", expired: true)])
        }
        try await expect(ids, in: journal)
        #expect(fetches.load(ordering: .relaxed) == 2)
        await journal.close()
        await services.close()
    }
}
#endif
