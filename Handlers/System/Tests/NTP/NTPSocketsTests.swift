internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import AuraSystem

@Suite("Questions to time servers", .timeLimit(.minutes(5)))
struct NTPSocketsTests {
    @Test("a flood before the true answer does not keep the clock's thread from looking at its deadline")
    func flood() async throws {
        let server = try TimeServer(.flood(100))
        let name = try server.name
        let address = try #require(SocketAddress(resolving: name))
        let time = WaitingTime(for: server)
        let context = HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 1, ioQuota: .mebibytes(1)),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
        let sockets = NTPSockets(executor: context.executors.makeExecutor(label: "test"), time: time)
        let question = NTPSockets.Question(index: 0, address: address, cookie: NTPTimestamp(rawValue: 7))
        let outcomes = await sockets.exchange([question], timeout: 30_000_000_000)
        guard case .reply = outcomes.first?.outcome else {
            Issue.record("the true answer was not found")
            return
        }
        // Two before the first turn, and three in each of at least six turns.
        #expect(time.looks >= 20)
        server.stop()
    }
}

/// The machine's clock, which the first turn does not see before all answers have come.
private final class WaitingTime: TimeEffects {
    private let base = SystemTimeHandler()
    private let server: TimeServer
    private let count = Atomic(0)

    init(for server: TimeServer) {
        self.server = server
    }

    /// How often somebody looked at it.
    var looks: Int { count.load(ordering: .relaxed) }

    var capabilities: Capabilities { base.capabilities }
    var now: WallTime { base.now }

    var monotonicNow: MonotonicInstant {
        if count.add(1, ordering: .relaxed).newValue == 3 {
            while !server.hasAnswered { usleep(1000) }
        }
        return base.monotonicNow
    }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await base.sleep(until: deadline)
    }
}
