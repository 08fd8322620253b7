#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization
internal import Testing

@Suite("Several processes on one storage in PostgreSQL")
struct StorageSharingTests {
    private func openTwo() async throws -> [PostgreSQLStorageHandler] {
        let configuration = try LocalServer.shared.configuration()
        // At once: of two that find no tables, one makes them.
        async let first = PostgreSQLStorageHandler.open(configuration, .test())
        async let second = PostgreSQLStorageHandler.open(configuration, .test())
        return [try await first, try await second]
    }

    @Test("keys that are written if absent and removed again serve as locks between processes")
    func locks() async throws {
        let storages = try await openTwo()
        let holders = Holders()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<12 {
                group.addTask { try await Self.takeTurns(task, with: storages[task % 2], holders) }
            }
            try await group.waitForAll()
        }
        #expect(holders.turns == 72)
        #expect(try await storages[0].list(prefix: "", after: nil, limit: 10).items.isEmpty)
        for storage in storages { await storage.close() }
    }

    /// Takes two of three locks at a time, in either order, until six times both were free.
    private static func takeTurns(
        _ task: Int,
        with storage: PostgreSQLStorageHandler,
        _ holders: Holders
    ) async throws(EffectError) {
        let keys = (0..<3).map { StorageKey("lock \($0)") }
        var turn = 0
        while turn < 6 {
            let wanted = [keys[(task + turn) % 3], keys[(task + turn + 1 + task / 6) % 3]]
            let taken: [StorageRevision?]
            do throws(EffectError) {
                taken = try await storage.transact(wanted.map { .write([UInt8(task)], to: $0, if: .absent) })
            } catch {
                guard error.code == .preconditionFailed else { throw error }
                continue
            }
            holders.begin(wanted)
            await Task.yield()
            holders.end(wanted)
            let revisions = taken.compactMap { $0 }
            try await storage.transact(zip(wanted, revisions).map { .remove($0, if: .matches($1)) })
            turn += 1
        }
    }

    private final class Holders: Sendable {
        private let state = Mutex((held: Set<StorageKey>(), turns: 0))

        var turns: Int { state.withLock { $0.turns } }

        func begin(_ keys: [StorageKey]) {
            state.withLock { state in
                for key in keys { #expect(state.held.insert(key).inserted, "two hold '\(key)'") }
                state.turns += 1
            }
        }

        func end(_ keys: [StorageKey]) {
            state.withLock { $0.held.subtract(keys) }
        }
    }

    @Test("a key that a transaction needs to be absent is not written by another one meanwhile")
    func absence() async throws {
        let storages = try await openTwo()
        for round in 0..<40 {
            let keys = [StorageKey("\(round) left"), StorageKey("\(round) right")]
            // Each writes one key if the other one is absent: after one of them the other must fail.
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for side in 0..<2 {
                    group.addTask {
                        do throws(EffectError) {
                            try await storages[side]
                                .transact([.remove(keys[1 - side], if: .absent), .write([1], to: keys[side])])
                            return true
                        } catch {
                            #expect(error.code == .preconditionFailed)
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 1, "round \(round)")
            #expect(try await storages[0].list(prefix: "\(round) ", after: nil, limit: 10).items.count == 1)
        }
        for storage in storages { await storage.close() }
    }

    @Test("writes of the same keys from two processes, in any order and with any conditions, do not block each other")
    func noDeadlock() async throws {
        let storages = try await openTwo()
        let clock = ContinuousClock()
        let duration = try await clock.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        let storage = storages[task % 2]
                        for turn in 0..<25 {
                            let order = (0..<12).map { StorageKey("\(($0 * (task % 2 == 0 ? 5 : 7) + turn) % 12)") }
                            let keys = order.prefix(4 + task)
                            switch (task / 2 + turn) % 3 {
                            case 0: try await storage.transact(keys.map { .write([UInt8(turn)], to: $0) })
                            case 1: try await storage.transact(keys.map { .remove($0) })
                            default:
                                do throws(EffectError) {
                                    try await storage.transact(
                                        keys.map { .write([UInt8(turn)], to: $0) } + [.write([1], to: "x", if: .absent)]
                                    )
                                } catch {
                                    guard error.code == .preconditionFailed else { throw error }
                                }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        // The server looks for a circle after a second: with circles, this would take many.
        #expect(duration < .seconds(60))
        for storage in storages { await storage.close() }
    }
}
#endif
