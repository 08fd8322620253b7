// Generated from LedgerEffects.swift by 'make generate'; do not edit.

internal import AuraEffects

/// The operation catalogue of ``LedgerEffects``.
enum LedgerEffectsOperations {
    /// `ledger.balance`.
    static let balance = EffectOperation(
        effect: "ledger",
        name: "balance",
        index: 0,
        idempotency: .always,
        resource: "account"
    )
    /// `ledger.book`.
    static let book = EffectOperation(effect: "ledger", name: "book", index: 1)
    /// `ledger.currency`.
    static let currency = EffectOperation(effect: "ledger", name: "currency", index: 2, kind: .synchronous)
    /// Every operation, in the order of the protocol.
    static let all: [EffectOperation] = [balance, book, currency]
}

/// A ``LedgerEffects`` handler with interceptors around every operation.
struct InterceptedLedgerEffects: LedgerEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    let base: any LedgerEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    init(_ base: any LedgerEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `ledger.balance`.
    @inline(__always)
    func balance(of account: String) async throws -> Int {
        let call = interceptors.call(
            LedgerEffectsOperations.balance,
            resource: account.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("account", account)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                do {
                    return AnswerOf(try await base.balance(of: account))
                } catch {
                    throw interceptors.foreign(error, in: call)
                }
            }
            do throws(EffectError) {
                return try await interceptors.intercept(call, perform)
            } catch {
                throw error.original
            }
        }
        let start = interceptors.began(call)
        do {
            let answer = try await base.balance(of: account)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: interceptors.foreign(error, in: call))
            throw error
        }
    }

    /// `ledger.book`.
    @inline(__always)
    func book(_ amount: Int, to account: String) async throws {
        let call = interceptors.call(
            LedgerEffectsOperations.book,
            arguments: [EffectArgument("amount", amount), EffectArgument("account", account)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                do {
                    return AnswerOf(try await base.book(amount, to: account))
                } catch {
                    throw interceptors.foreign(error, in: call)
                }
            }
            do throws(EffectError) {
                return try await interceptors.intercept(call, perform)
            } catch {
                throw error.original
            }
        }
        let start = interceptors.began(call)
        do {
            try await base.book(amount, to: account)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: interceptors.foreign(error, in: call))
            throw error
        }
    }

    /// `ledger.currency`.
    func currency() -> String {
        interceptors.synchronous(interceptors.call(LedgerEffectsOperations.currency), base.currency())
    }
}

/// A ``LedgerEffects`` handler that fails by name.
struct UnimplementedLedgerEffects: LedgerEffects {
    /// Fails.
    func balance(of account: String) async throws -> Int {
        throw EffectError.unimplemented("ledger", "balance")
    }

    /// Fails.
    func book(_ amount: Int, to account: String) async throws {
        throw EffectError.unimplemented("ledger", "book")
    }

    /// Fails.
    func currency() -> String {
        LedgerEffectsOperations.currency.unimplemented()
    }
}
