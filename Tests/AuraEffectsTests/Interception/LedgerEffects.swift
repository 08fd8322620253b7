internal import AuraEffects

// @Effect("ledger")
/// An effect whose handlers throw errors of their own.
protocol LedgerEffects: Sendable {
    // @Operation(.idempotent, resource: "account")
    func balance(of account: String) async throws -> Int
    func book(_ amount: Int, to account: String) async throws
    func currency() -> String
}

enum LedgerEffect: EffectKey {
    static let name = "ledger"
    static var unimplemented: any LedgerEffects { UnimplementedLedgerEffects() }
    static var operations: [EffectOperation] { LedgerEffectsOperations.all }
    static func intercepted(_ handler: any LedgerEffects, by interceptors: InterceptorChain) -> any LedgerEffects {
        InterceptedLedgerEffects(handler, interceptors)
    }
}

struct Overdrawn: Error, Equatable {
    var account: String
}

/// A ledger that holds nothing, and fails as it is told.
struct EmptyLedger: LedgerEffects {
    var failure: (any Error)?

    func balance(of account: String) async throws -> Int {
        if let failure { throw failure }
        return 0
    }

    func book(_ amount: Int, to account: String) async throws {
        throw failure ?? Overdrawn(account: account)
    }

    func currency() -> String { "EUR" }
}
