internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import AuraSystem

/// A handler on servers, with a clock of its own, so that a test's lies disturb no other test.
struct TrustedClock {
    let clock = MachineClock()
    let log = LogLines()
    private let managed: ManagedHandler<any TimeEffects>
    private let system: SystemTimeHandler

    init(_ servers: [NTPServerName], poll: Duration = .milliseconds(300), burst: Duration = .milliseconds(100)) throws {
        let log = log
        let context = HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 1, ioQuota: .mebibytes(1)),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test") { _ in log }
        )
        let intervals = NTPSchedule.Intervals(
            poll: Int64(poll / .nanoseconds(1)),
            burst: Int64(burst / .nanoseconds(1))
        )
        managed = SystemTimeHandler.make(asking: servers, intervals, correcting: clock, context)
        system = try #require(managed.handler as? SystemTimeHandler)
    }

    var time: any TimeEffects { managed.handler }

    var synchronization: TimeSynchronization {
        get throws { try #require(system.synchronization) }
    }

    /// How far the clock is ahead of the machine's.
    var error: Duration {
        .nanoseconds(time.now.nanosecondsSinceEpoch - clock.systemNow)
    }

    /// Whether the clock shows the machine's time rather than what a server lies: a busy machine is late to answer, and to look.
    var isRight: Bool { error > .seconds(-1) && error < .seconds(1) }

    /// Whether it follows the servers: the handler says how they stand before it corrects the clock and logs what is new.
    var isCorrected: Bool { time.now.uncertainty != nil }

    /// Waits until something is so; fails after a minute.
    func wait(
        until what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: (TimeSynchronization) throws -> Bool
    ) async throws {
        for _ in 0..<1200 {
            if try condition(try synchronization) { return }
            try await clock.sleep(for: .milliseconds(50))
        }
        let found = try synchronization
        Issue.record("not within a minute: \(what); \(found)", sourceLocation: sourceLocation)
    }

    func stop() async {
        await managed.stop()
    }
}

/// Keeps what is logged.
final class LogLines: LogHandler {
    private let lines = Mutex<[String]>([])

    /// The messages with what stands beside them.
    var all: [String] { lines.withLock { $0 } }

    let metadataProvider: Logger.MetadataProvider? = nil
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let server = event.metadata?["server"].map { " \($0)" } ?? ""
        lines.withLock { $0.append("\(event.level): \(event.message)\(server)") }
    }
}
