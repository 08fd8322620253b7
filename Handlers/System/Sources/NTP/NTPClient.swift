internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import Synchronization

/// Asks the servers of a profile for the time, and corrects the machine's clock by what the majority says.
final class NTPClient: Sendable {
    private let clock: MachineClock
    private let random: any RandomEffects
    private let logger: Logger
    private let metrics: ClockMetrics
    private let intervals: NTPSchedule.Intervals
    private let sockets: NTPSockets
    private let resolver: NTPResolver
    private let asking = TaskOwner()
    private let naming = TaskOwner()
    private let unresolvedNames = ChangeSignal()
    private let state: Mutex<NTPState>

    /// How long an answer is waited for, in nanoseconds: longer than the way over any satellite.
    private static let timeout: Int64 = 2_000_000_000

    /// Creates a client and starts it.
    ///
    /// - Parameters:
    ///   - names: The servers.
    ///   - intervals: How often to ask.
    ///   - clock: The clock to correct.
    ///   - context: What the handler is made from.
    init(
        _ names: [NTPServerName],
        _ intervals: NTPSchedule.Intervals,
        correcting clock: MachineClock,
        _ context: HandlerContext
    ) {
        self.clock = clock
        self.intervals = intervals
        random = context.random
        logger = context.logger
        metrics = context.metrics.clock()
        sockets = NTPSockets(executor: context.executors.makeExecutor(label: "aura.ntp"), time: clock)
        resolver = NTPResolver(executor: context.executors.makeExecutor(label: "aura.ntp.names"))
        state = Mutex(NTPState(names, intervals, now: clock.monotonicNow.nanoseconds))
        naming.start { [self] in await resolveNames() }
        asking.start { [self] in await askServers() }
    }

    /// Ends the client; the clock goes on as the system's, and does not go back.
    ///
    /// The system's resolver cannot be interrupted: where it is at work its task ends with it, and nobody waits for that.
    func stop() async {
        naming.cancel()
        asking.cancel()
        sockets.stop()
        await asking.wait()
        clock.correct(by: nil)
    }

    /// How the clock and its servers stand.
    var synchronization: TimeSynchronization {
        TimeSynchronization(state.withLock { $0 }, at: clock)
    }

    private var now: Int64 { clock.monotonicNow.nanoseconds }

    private func resolveNames() async {
        var pause = intervals.burst
        while true {
            let generation = unresolvedNames.generation
            let names = state.withLock { $0.unresolved }
            for (index, name) in names {
                guard let address = await resolver.address(of: name) else {
                    logger.debug("A time server's name has no address at present", metadata: ["server": "\(name)"])
                    continue
                }
                state.withLock { $0.resolved(index, to: address) }
            }
            if state.withLock({ $0.unresolved.isEmpty }) {
                pause = intervals.burst
                do throws(EffectError) { try await unresolvedNames.wait(beyond: generation) } catch { return }
            } else {
                guard await sleep(until: now + pause) else { return }
                pause = min(pause * 2, intervals.poll)
            }
        }
    }

    private func askServers() async {
        repeat {
            let questions = state.withLock { $0.due(at: now) }
                .map { index, address in
                    // Zero is what a server would answer to whoever sends nothing.
                    let cookie = NTPTimestamp(rawValue: max(1, random.nextUInt64()))
                    return NTPSockets.Question(index: index, address: address, cookie: cookie)
                }
            guard !questions.isEmpty else { continue }
            let outcomes = await sockets.exchange(questions, timeout: Self.timeout)
            if Task.isCancelled { return }
            record(outcomes)
        } while await sleep(until: wakeUp)
    }

    /// When to look again: the resolver of names may give more to ask.
    private var wakeUp: Int64 {
        let (next, waitsForNames) = state.withLock { ($0.next ?? .max, !$0.unresolved.isEmpty) }
        return waitsForNames ? min(next, now + intervals.burst) : next
    }

    private func record(_ outcomes: [(index: Int, outcome: NTPServer.Outcome)]) {
        let wall = clock.now.nanosecondsSinceEpoch
        let (before, after) = state.withLock { state in
            let before = state
            state.record(outcomes, now: now, wall: wall)
            return (before, state)
        }
        if !after.unresolved.isEmpty { unresolvedNames.notify() }
        if let correction = after.correction, after.isSynchronized { clock.correct(by: correction) }
        let synchronization = TimeSynchronization(after, at: clock)
        report(synchronization)
        for news in NTPNews.between(before, after) {
            logger.log(level: news.level, "\(news.message)", metadata: news.metadata(synchronization))
        }
    }

    private func report(_ synchronization: TimeSynchronization) {
        metrics.changed(offset: synchronization.offset, uncertainty: synchronization.uncertainty)
        var (used, rejected, silent) = (0, 0, 0)
        for server in synchronization.servers {
            switch server.state {
            case .used, .agreeing: used += 1
            case .falseticker, .unusable, .denied, .undecided: rejected += 1
            case .settling, .unreachable, .unresolved: silent += 1
            }
        }
        metrics.servers(used: used, rejected: rejected, silent: silent)
    }

    /// Waits; `false` once the client is to end.
    private func sleep(until moment: Int64) async -> Bool {
        do throws(EffectError) {
            try await clock.sleep(until: MonotonicInstant(nanoseconds: moment))
            return true
        } catch {
            return false
        }
    }
}
