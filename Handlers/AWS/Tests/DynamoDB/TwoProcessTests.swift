#if AWS
internal import AuraEffects
internal import AuraLayered
internal import Foundation
internal import Testing

@testable internal import AuraAWS

/// Processes that append to one journal, and what they said.
private struct Writers {
    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let processes: [(process: Process, input: Pipe, output: Pipe)]

    /// Starts processes that wait until they are told to begin.
    init(_ count: Int, tasks: Int, appends: Int, _ profile: String) throws {
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let worker = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("aws-worker")
        processes = try (0..<count)
            .map { _ in
                let (process, input, output) = (Process(), Pipe(), Pipe())
                process.executableURL = worker
                process.arguments = ["append", profile, "\(tasks)", "\(appends)"]
                process.environment = ["STORE_KEY": StoreServer.secretAccessKey]
                process.standardInput = input
                process.standardOutput = output
                try process.run()
                return (process, input, output)
            }
    }

    /// Lets them begin, and waits for their ends.
    ///
    /// - Returns: For each process where its entries are, by their ids.
    func run() async throws -> [[String: String]] {
        for (_, input, _) in processes { try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8)) }
        return try await withThrowingTaskGroup(of: [String: String].self) { group in
            for (process, _, output) in processes {
                group.addTask {
                    let said = output.fileHandleForReading.readDataToEndOfFile()
                    process.waitUntilExit()
                    let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
                    guard process.terminationStatus == 0 else { throw Failure(description: "\(lines.last ?? "")") }
                    let words = lines.map { $0.split(separator: " ").map(String.init) }.filter { $0.first == "ack" }
                    return Dictionary(uniqueKeysWithValues: words.map { ($0[1], $0[2]) })
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

@Suite("Two processes on a journal over a table of DynamoDB")
struct TwoProcessTests {
    /// How many entries each process appends: 5,000 with `AURA_SOAK`.
    private static let appends = isSoak ? 5000 : 100
    private static let isSoak = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil

    @Test("leave no gap, and overwrite nothing")
    func writers() async throws {
        let services = TestServices.shared()
        let table = try await services.table()
        let profile = """
            profile: writer
            environment: server
            time: { handler: system }
            random: { handler: system }
            http: { handler: curl }
            journal:
              handler: keyValues
              over: { handler: dynamodb, table: \(table.layout.table), region: us-east-1,
                endpoint: "\(services.server.endpoint.text)", accessKeyID: \(StoreServer.accessKeyID),
                secretAccessKey: "${secret:STORE_KEY}" }
            """
        let clock = ContinuousClock()
        let start = clock.now
        let told = try await Writers(2, tasks: 16, appends: Self.appends, profile).run()
        let duration = start.duration(to: clock.now)
        let journal = try await open(table, services)
        let count = 2 * Self.appends
        var entries: [JournalEntry] = []
        while let page = try await next(journal, after: entries.last?.position ?? .start) { entries += page }
        #expect(entries.map(\.position.rawValue) == Array(1...UInt64(count)))
        // What each process was told is so, and there is nothing else.
        let positions = Dictionary(uniqueKeysWithValues: entries.map { ("\($0.id)", "\($0.position)") })
        #expect(told.allSatisfy { $0.count == Self.appends })
        #expect(told.reduce(into: [:]) { $0.merge($1) { first, _ in first } } == positions)
        for (_, stream) in Dictionary(grouping: entries, by: \.stream) {
            #expect(stream.map(\.revision.rawValue) == Array(0..<UInt64(stream.count)))
        }
        let report = try await journal.verify()
        #expect(report.problems.isEmpty && report.checkedEntries == count)
        await journal.close()
        // What a long run takes.
        if Self.isSoak {
            let known = try await clock.measure { try await open(table, services).close() }
            try await table.remove(ItemKey("journal/journal", "checkpoint"))
            let whole = try await clock.measure { try await open(table, services).close() }
            print("\(count) appends: \(duration); opening with a checkpoint: \(known), without: \(whole)")
        }
        await services.close()
    }

    private func open(
        _ table: DynamoDBKeyValueHandler,
        _ services: TestServices
    ) async throws -> KeyValueJournalHandler {
        try await KeyValueJournalHandler.open(over: table, .init(), services.context)
    }

    private func next(_ journal: KeyValueJournalHandler, after position: Position) async throws -> [JournalEntry]? {
        let page = try await journal.readAll(after: position, limit: 5000)
        return page.isEmpty ? nil : page
    }
}
#endif
