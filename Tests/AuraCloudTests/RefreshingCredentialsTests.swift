internal import AuraCloud
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization
internal import Testing

@Suite("Credentials that are kept fresh")
struct RefreshingCredentialsTests {
    struct Numbered: ExpiringCredentials, Equatable {
        var number: Int
        var expires: WallTime?
    }

    /// Hands out numbered credentials that last, once it is opened.
    final class Source: Sendable {
        let time = ManualTimeHandler()
        let fetches = Atomic(0)
        let isFailing = Atomic(false)
        private let gate = Mutex<[CheckedContinuation<Void, Never>]?>(nil)

        func close() { gate.withLock { $0 = [] } }

        func open() {
            let waiting = gate.withLock { gate in
                defer { gate = nil }
                return gate ?? []
            }
            for continuation in waiting { continuation.resume() }
        }

        func fetch() async throws(EffectError) -> Numbered {
            let number = fetches.add(1, ordering: .relaxed).newValue
            await withCheckedContinuation { continuation in
                let isOpen = gate.withLock { gate in
                    gate?.append(continuation)
                    return gate == nil
                }
                if isOpen { continuation.resume() }
            }
            if isFailing.load(ordering: .relaxed) { throw EffectError(.unavailable, "The source is away.") }
            let end = time.now.nanosecondsSinceEpoch + 3600 * 1_000_000_000
            return Numbered(number: number, expires: WallTime(nanosecondsSinceEpoch: end))
        }

        var credentials: RefreshingCredentials<Numbered> {
            RefreshingCredentials(time: time, ahead: .seconds(300)) { [self] () async throws(EffectError) in
                try await fetch()
            }
        }
    }

    private func settle(_ source: Source, fetches: Int) async throws {
        for _ in 0..<60_000 where source.fetches.load(ordering: .relaxed) < fetches {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(source.fetches.load(ordering: .relaxed) == fetches)
    }

    @Test("a hundred callers make one fetch")
    func noStampede() async throws {
        let source = Source()
        let credentials = source.credentials
        source.close()
        let callers = (0..<100).map { _ in Task { try await credentials.current().number } }
        try await settle(source, fetches: 1)
        try await Task.sleep(for: .milliseconds(20))
        source.open()
        for caller in callers { #expect(try await caller.value == 1) }
        #expect(source.fetches.load(ordering: .relaxed) == 1)
        await credentials.stop()
    }

    @Test("ahead of their end they are fetched anew, and nobody waits for it")
    func ahead() async throws {
        let source = Source()
        let credentials = source.credentials
        #expect(try await credentials.current().number == 1)
        source.time.advance(by: .seconds(3400))
        source.close()
        for _ in 0..<10 { #expect(try await credentials.current().number == 1) }
        try await settle(source, fetches: 2)
        source.open()
        for _ in 0..<60_000 where try await credentials.current().number == 1 {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(try await credentials.current().number == 2)
        await credentials.stop()
    }

    @Test("a fetch that fails ahead of time leaves what is still good, and is not repeated at once")
    func failure() async throws {
        let source = Source()
        let credentials = source.credentials
        _ = try await credentials.current()
        source.time.advance(by: .seconds(3400))
        source.isFailing.store(true, ordering: .relaxed)
        _ = try await credentials.current()
        try await settle(source, fetches: 2)
        try await Task.sleep(for: .milliseconds(20))
        for _ in 0..<10 { #expect(try await credentials.current().number == 1) }
        #expect(source.fetches.load(ordering: .relaxed) == 2)
        // Once they have ended the failure is everybody's.
        source.time.advance(by: .seconds(300))
        await #expect(throws: EffectError.self) { try await credentials.current() }
        await credentials.stop()
    }

    @Test("a caller that is cancelled does not wait")
    func cancellation() async throws {
        let source = Source()
        let credentials = source.credentials
        source.close()
        let caller = Task { try await credentials.current() }
        try await settle(source, fetches: 1)
        caller.cancel()
        let error = await #expect(throws: EffectError.self) { try await caller.value }
        #expect(error?.code == .cancelled)
        source.open()
        await credentials.stop()
    }

    @Test("those that a service refused are dropped, others are not")
    func dropping() async throws {
        let source = Source()
        let credentials = source.credentials
        #expect(try await credentials.current().number == 1)
        credentials.drop { $0.number == 7 }
        #expect(try await credentials.current().number == 1)
        credentials.drop { $0.number == 1 }
        #expect(try await credentials.current().number == 2)
        await credentials.stop()
        await #expect(throws: EffectError.self) { try await credentials.current() }
    }
}
