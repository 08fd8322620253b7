#if PostgreSQL
internal import AuraEffects
internal import AuraMemory
@testable internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization

/// Opens connections to nothing, and keeps account of them.
final class FakeServer: Sendable {
    struct Account {
        var opened = 0
        var open = 0
        var mostOpen = 0
        var pings = 0
        /// What an attempt to open fails with.
        var failure: EffectError?
        /// Whether an attempt to open waits until it is cancelled.
        var isSilent = false
        /// Whether connections answer.
        var isDead = false
    }

    private let account = Mutex(Account())
    private let changes = ChangeSignal()

    var state: Account { account.withLock { $0 } }

    func change(_ body: (inout sending Account) -> Void) {
        account.withLock { body(&$0) }
        changes.notify()
    }

    /// Waits until the account fulfils a condition.
    func wait(until condition: (Account) -> Bool) async throws(EffectError) {
        while true {
            let generation = changes.generation
            if condition(state) { return }
            try await changes.wait(beyond: generation)
        }
    }

    func open() async throws(EffectError) -> FakeConnection {
        if state.isSilent {
            let silence = ChangeSignal()
            try await silence.wait(beyond: silence.generation)
        }
        if let failure = state.failure {
            changes.notify()
            throw failure
        }
        change {
            $0.opened += 1
            $0.open += 1
            $0.mostOpen = max($0.mostOpen, $0.open)
        }
        return FakeConnection(server: self, number: state.opened)
    }

    fileprivate func closed() {
        change { $0.open -= 1 }
    }

    fileprivate func pinged() throws(EffectError) {
        change { $0.pings += 1 }
        if state.isDead { throw EffectError(.unavailable, "The server does not answer.") }
    }
}

/// A connection to a ``FakeServer``.
final class FakeConnection: PooledConnection {
    let number: Int
    private let server: FakeServer
    private let isBroken = Mutex(false)
    private let users = Mutex(0)

    init(server: FakeServer, number: Int) {
        self.server = server
        self.number = number
    }

    var isUsable: Bool { !isBroken.withLock { $0 } }

    func breakDown() {
        isBroken.withLock { $0 = true }
    }

    /// Begins to use the connection; the number of its users.
    func enter() -> Int {
        users.withLock {
            $0 += 1
            return $0
        }
    }

    func leave() {
        users.withLock { $0 -= 1 }
    }

    func ping() async throws(EffectError) {
        try server.pinged()
    }

    func close() async {
        server.closed()
    }
}
#endif
