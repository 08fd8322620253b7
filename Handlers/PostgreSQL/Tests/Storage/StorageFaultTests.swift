#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization
internal import Testing

@Suite("Storage on PostgreSQL under faults")
struct StorageFaultTests {
    /// What is lost of a write.
    enum Loss: CaseIterable {
        case request
        case answer

        var conduct: ProxyConduct {
            switch self {
            case .request: ProxyConduct(toServer: .swallowed)
            case .answer: .answersLost
            }
        }
    }

    @Test(
        "a write whose request or answer is lost has an unknown outcome, and its value is there once or not at all",
        arguments: Loss.allCases
    )
    func lostCommit(_ loss: Loss) async throws {
        let server = try LocalServer.shared
        let proxy = try FaultProxy(to: server.port)
        var configuration = server.configuration()
        let witness = try await PostgreSQLStorageHandler.open(configuration, .test())
        configuration.servers = [.init(host: "127.0.0.1", port: proxy.port)]
        let storage = try await PostgreSQLStorageHandler.open(configuration, .test())
        let first = StoredValue(bytes: [1], revision: try await storage.write([1], to: "key"))
        // Then the connection that reads is open as well, and sends nothing more by itself.
        #expect(try await storage.read("key") == first)
        let sent = proxy.connections.map(\.bytesRead.fromClient)
        proxy.conduct = loss.conduct
        let write = Task { try await storage.write([2], to: "key") }
        try await until("the write is under way") {
            switch loss {
            case .request: proxy.connections.map(\.bytesRead.fromClient) != sent
            case .answer: try await witness.read("key") != first
            }
        }
        // For connections to come: what has lost something stays so.
        proxy.conduct = .open
        proxy.resetConnections()
        let error = await write.result.effectError
        #expect(error?.code == .unavailable)
        #expect(error?.outcome == .unknown)
        #expect(error?.isRetryable == true)
        #expect(try await witness.read("key")?.bytes == (loss == .request ? [1] : [2]))
        try await until("writes take place again") { (try? await storage.write([3], to: "key")) != nil }
        #expect(try await witness.read("key")?.bytes == [3])
        #expect(try await witness.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["key"])
        await storage.close()
        await witness.close()
    }

    @Test("a server that is killed while values are written loses none that it acknowledged")
    func killedServer() async throws {
        let server = try LocalServer()
        let configuration = server.configuration()
        let storage = try await PostgreSQLStorageHandler.open(configuration, .test())
        let books = Books()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var turn = 0
                    while !books.isClosed {
                        try await Self.writeStubbornly([UInt8(task)], to: StorageKey("\(task) \(turn)"), storage, books)
                        turn += 1
                    }
                }
            }
            try await until("values are written") { books.written.count >= 40 }
            try server.kill()
            let before = books.written.count
            try server.restart()
            try await until("values are written again") { books.written.count >= before + 40 }
            books.close()
            try await group.waitForAll()
        }
        #expect(books.refusals.contains { $0.outcome == .unknown })
        #expect(books.refusals.allSatisfy { $0.code == .unavailable }, "\(books.refusals.suffix(3))")
        await storage.close()

        let reopened = try await PostgreSQLStorageHandler.open(configuration, .test())
        for (key, value) in books.written { #expect(try await reopened.read(key) == value) }
        let page = try await reopened.list(prefix: "", after: nil, limit: 10_000)
        #expect(Set(page.items.map(\.key)) == Set(books.written.keys))
        await reopened.close()
    }

    /// Writes until the write is acknowledged.
    private static func writeStubbornly(
        _ bytes: [UInt8],
        to key: StorageKey,
        _ storage: PostgreSQLStorageHandler,
        _ books: Books
    ) async throws {
        while true {
            do throws(EffectError) {
                books.note(StoredValue(bytes: bytes, revision: try await storage.write(bytes, to: key)), key)
                return
            } catch {
                guard error.isRetryable else { throw error }
                books.note(error)
                try await HandlerContext.test().time.sleep(for: .milliseconds(5))
            }
        }
    }

    /// What writers were told.
    private final class Books: Sendable {
        private struct State {
            var written: [StorageKey: StoredValue] = [:]
            var refusals: [EffectError] = []
            var isClosed = false
        }

        private let state = Mutex(State())

        var written: [StorageKey: StoredValue] { state.withLock { $0.written } }
        var refusals: [EffectError] { state.withLock { $0.refusals } }
        var isClosed: Bool { state.withLock { $0.isClosed } }

        func note(_ value: StoredValue, _ key: StorageKey) {
            state.withLock { $0.written[key] = value }
        }

        func note(_ refusal: EffectError) {
            state.withLock { $0.refusals.append(refusal) }
        }

        func close() {
            state.withLock { $0.isClosed = true }
        }
    }
}
#endif
