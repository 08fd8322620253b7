internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization
internal import Testing

/// Makes clocks of a machine for the laws, on the machine's own clock or on one that the laws move.
final class SimulatedTimeHarness: TimeHarness, ClockSteppingHarness, CustomStringConvertible {
    private let isManual: Bool
    private let drift: Int
    private let made = Mutex<[(handler: SimulatedTimeHandler, base: any TimeEffects)]>([])

    init(isManual: Bool, drift: Int) {
        self.isManual = isManual
        self.drift = drift
    }

    var description: String { "\(isManual ? "manual" : "system") time, \(drift) ppm" }
    var capabilities: Capabilities { Capabilities() }

    func make() async throws -> any TimeEffects {
        let base: any TimeEffects = isManual ? ManualTimeHandler() : SystemTimeHandler()
        let handler = SimulatedTimeHandler(base: base, skew: .seconds(5), drift: drift, uncertainty: .milliseconds(3))
        made.withLock { $0.append((handler, base)) }
        return handler
    }

    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {
        let handler = try #require(time as? SimulatedTimeHandler)
        let base = try #require(made.withLock { $0.first { $0.handler === handler } }).base
        // So long that also a slow clock moves by the duration.
        (base as? ManualTimeHandler)?.advance(by: duration * 1_000_000 / (1_000_000 + drift) + .nanoseconds(1))
    }

    func stepWallClock(by duration: Duration) async throws {
        for (handler, _) in made.withLock({ $0 }) { handler.jumpWallClock(by: duration) }
    }

    func finish() async {}
}
