internal import AuraEffects
internal import Synchronization
internal import Testing

@Suite("Errors of a handler's own")
struct ForeignErrorTests {
    private let log = CallLog()

    private func ledger(_ failure: (any Error)? = nil, with interceptors: any Interceptor...) -> any LedgerEffects {
        let observers = [Watching(measuresTime: false, log: log)]
        return
            EffectSystem.intercepted(
                LedgerEffect.self,
                EmptyLedger(failure: failure),
                observers: observers,
                with: interceptors
            )[LedgerEffect.self]
    }

    @Test("reach the caller as they are, and observers as internal errors", arguments: [false, true])
    func own(_ takesPart: Bool) async {
        let ledger = takesPart ? ledger(with: Noting(name: "one", log: CallLog())) : ledger()
        await #expect(throws: Overdrawn(account: "a")) { try await ledger.book(1, to: "a") }
        #expect(log.lines == ["began ledger.book", "ended ledger.book after 0.0 seconds: internal"])
    }

    @Test("are the cause of what interceptors see, with the handler's name and without the text")
    func cause() async {
        let seen = SeenError()
        let ledger = ledger(
            with: Custom(name: "inner") { (_, next) async throws(EffectError) in
                do throws(EffectError) {
                    return try await next()
                } catch {
                    seen.set(error)
                    throw error
                }
            }
        )
        await #expect(throws: Overdrawn.self) { try await ledger.book(1, to: "secret") }
        #expect(seen.value?.cause as? Overdrawn == Overdrawn(account: "secret"))
        #expect(
            seen.value?.description
                == "ledger.book (memory): internal: The handler threw an error of the type Overdrawn."
        )
    }

    @Test("a cancellation is cancelled for interceptors and itself for the caller")
    func cancellation() async {
        let ledger = ledger(CancellationError(), with: Noting(name: "one", log: CallLog()))
        await #expect(throws: CancellationError.self) { try await ledger.balance(of: "a") }
        #expect(log.lines.last == "ended ledger.balance after 0.0 seconds: cancelled")
    }

    @Test("an EffectError is one for all")
    func effectError() async {
        let failure = EffectError(
            .notFound,
            "No such account.",
            effect: "ledger",
            operation: "balance",
            cause: Overdrawn(account: "")
        )
        let ledger = ledger(failure, with: Noting(name: "one", log: CallLog()))
        let error = await #expect(throws: EffectError.self) { try await ledger.balance(of: "a") }
        #expect(error?.code == .notFound)
        #expect(log.lines.last == "ended ledger.balance after 0.0 seconds: notFound")
    }

    @Test("an interceptor's own error reaches the caller as it is")
    func interceptorsError() async {
        let ledger = ledger(
            with: Custom(name: "inner") { (_, next) async throws(EffectError) in
                do throws(EffectError) {
                    return try await next()
                } catch {
                    throw EffectError(.unavailable, "Closed.", cause: error)
                }
            }
        )
        let error = await #expect(throws: EffectError.self) { try await ledger.book(1, to: "a") }
        #expect(error?.description == "ledger.book (inner): unavailable: Closed.")
    }

    @Test("answers pass, at once and later")
    func answers() async throws {
        let ledger = ledger(with: Noting(name: "one", log: log))
        #expect(try await ledger.balance(of: "a") == 0)
        #expect(ledger.currency() == "EUR")
        #expect(
            log.lines == [
                "began ledger.balance", "one > ledger.balance 'a'", "one < 0", "ended ledger.balance after 0.0 seconds",
                "one > ledger.currency",
            ]
        )
    }
}

private final class SeenError: Sendable {
    private let seen = Mutex<EffectError?>(nil)

    var value: EffectError? { seen.withLock { $0 } }

    func set(_ error: EffectError) {
        seen.withLock { $0 = error }
    }
}
