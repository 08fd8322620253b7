internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem

typealias TimeDefect = Defect<any TimeEffects>

extension TimeDefect {
    static var all: [TimeDefect] { clocks + sleeping + stepping }

    private init(
        _ description: String,
        breaks law: String,
        hangs: Bool = false,
        _ change: @escaping @Sendable (inout BrokenTime<SystemTimeHandler>) -> Void
    ) {
        self.init(description: description, law: law, hangs: hangs) { BrokenTimeHarness(change: change) }
    }

    private init(
        manual description: String,
        breaks law: String,
        _ change: @escaping @Sendable (inout BrokenTime<ManualTimeHandler>) -> Void
    ) {
        self.init(description: description, law: law) { BrokenManualTimeHarness(change: change) }
    }

    private init(
        stepped description: String,
        breaks law: String,
        hangs: Bool = false,
        _ change: @escaping @Sendable (inout BrokenTime<SteppableTime>) -> Void
    ) {
        self.init(description: description, law: law, hangs: hangs) { BrokenSteppedTimeHarness(change) }
    }

    private static var clocks: [TimeDefect] {
        [
            TimeDefect("a clock declares more than it says", breaks: "the handler declares what its harness says") {
                time in
                time.capabilities.features.insert(.durable)
            },
            TimeDefect(
                "an unknown uncertainty is -1",
                breaks:
                    "the wall clock shows a time after this law was written, with an uncertainty that is not negative"
            ) { time in
                time.wall = { base in
                    var now = base.now
                    now.uncertainty = now.uncertainty ?? .nanoseconds(-1)
                    return now
                }
            },
            TimeDefect(
                "some readings come from a coarse clock that lags",
                breaks: "neither clock goes back, for one task or for several"
            ) { time in
                let readings = Gauge()
                time.wall = { base in
                    var now = base.now
                    if readings.next().isMultiple(of: 512) { now.nanosecondsSinceEpoch -= 4_000_000 }
                    return now
                }
            },
            TimeDefect("the wall clock is read once", breaks: "both clocks move on together") { time in
                let first = time.base.now
                time.wall = { _ in first }
            },
            TimeDefect(
                manual: "the wall clock moves by a nanosecond whenever it is read",
                breaks: "a manual clock moves only when it is advanced, and then by as much"
            ) { time in
                let readings = Gauge()
                time.wall = { base in
                    var now = base.now
                    now.nanosecondsSinceEpoch += Int64(readings.next())
                    return now
                }
            },
        ]
    }

    private static var sleeping: [TimeDefect] {
        [
            TimeDefect(
                manual: "a sleep of more than 150 ms ends with the first slice of 100 ms",
                breaks: "a sleep does not end early"
            ) { time in
                time.sleep = { base, deadline throws(EffectError) in
                    let left = base.monotonicNow.duration(to: deadline)
                    let isSliced = left > .milliseconds(150) && left < .seconds(1)
                    let slice = base.monotonicNow.advanced(by: .milliseconds(100))
                    try await base.sleep(until: isSliced ? slice : deadline)
                }
            },
            TimeDefect(
                "a moment long past is taken for the far future",
                breaks: "a sleep until a moment that is past ends at once",
                hangs: true
            ) { time in
                time.sleep = { base, deadline throws(EffectError) in
                    let isLongPast = deadline.duration(to: base.monotonicNow) > .seconds(60)
                    try await base.sleep(until: isLongPast ? MonotonicInstant(nanoseconds: .max) : deadline)
                }
            },
            TimeDefect("a cancelled sleep ends as if it were over", breaks: "a cancelled sleep ends with cancelled") {
                time in
                time.sleep = { base, deadline throws(EffectError) in
                    let wasCancelled = Task.isCancelled
                    do throws(EffectError) {
                        try await base.sleep(until: deadline)
                    } catch {
                        if wasCancelled { throw error }
                    }
                }
            },
            TimeDefect(
                "a sleep until the past does not look at cancellation",
                breaks: "a sleep of a task that is cancelled already is cancelled, also until the past"
            ) { time in
                time.sleep = { base, deadline throws(EffectError) in
                    if deadline <= base.monotonicNow { return }
                    try await base.sleep(until: deadline)
                }
            },
            TimeDefect(
                manual: "whoever sleeps longest is woken whenever a sleep is over",
                breaks: "sleepers wake in the order of their deadlines"
            ) { time in
                let sleepers = Mutexed<[AsyncStream<Void>.Continuation]>([])
                time.sleep = { base, deadline throws(EffectError) in
                    guard deadline > base.monotonicNow, !Task.isCancelled else {
                        return try await base.sleep(until: deadline)
                    }
                    let sleeper = AsyncStream<Void>.makeStream()
                    sleepers.withLock { $0.append(sleeper.continuation) }
                    let timer = Task {
                        try await base.sleep(until: deadline)
                        sleepers.withLock { $0.removeFirst() }.finish()
                    }
                    for await _ in sleeper.stream {}
                    guard Task.isCancelled else { return }
                    timer.cancel()
                    try await base.sleep(until: deadline)
                }
            },
            TimeDefect("beyond sixty-four sleepers a sleep ends at once", breaks: "many tasks sleep at once") { time in
                let sleepers = Mutexed(0)
                time.sleep = { base, deadline throws(EffectError) in
                    let count = sleepers.withLock { sleepers in
                        sleepers += 1
                        return sleepers
                    }
                    defer { sleepers.withLock { $0 -= 1 } }
                    if count <= 64 { try await base.sleep(until: deadline) }
                }
            },
        ]
    }

    private static var stepping: [TimeDefect] {
        [
            TimeDefect(
                stepped: "the wall clock follows the system's clock",
                breaks: "after a backward step of the system's clock the wall clock does not go back"
            ) { time in
                time.wall = { WallTime(nanosecondsSinceEpoch: $0.systemNow) }
            },
            TimeDefect(
                stepped: "the wall clock stands still until the system's clock has caught up",
                breaks: "after a backward step of the system's clock the wall clock goes on from monotonic time"
            ) { time in
                let last = Mutexed(Int64.min)
                time.wall = { base in
                    let system = base.systemNow
                    let shown = last.withLock { last in
                        last = max(last, system)
                        return last
                    }
                    return WallTime(nanosecondsSinceEpoch: shown)
                }
            },
            TimeDefect(
                stepped: "the wall clock stays ahead after a backward step",
                breaks: "after a backward step of the system's clock the wall clock comes back to it"
            ) { time in
                let last = Mutexed<(wall: Int64, monotonic: Int64)?>(nil)
                time.wall = { base in
                    let system = base.systemNow
                    let monotonic = base.monotonicNow.nanoseconds
                    let shown = last.withLock { last in
                        let ahead = last.map { $0.wall + max(0, monotonic - $0.monotonic) } ?? system
                        let shown = max(system, ahead)
                        last = (shown, max(monotonic, last?.monotonic ?? monotonic))
                        return shown
                    }
                    return WallTime(nanosecondsSinceEpoch: shown)
                }
            },
            TimeDefect(
                stepped: "a sleep is over when the system's clock says so",
                breaks: "a forward step of the system's clock ends no sleep early"
            ) { time in
                time.sleep = { base, deadline throws(EffectError) in
                    let start = (system: base.systemNow, monotonic: base.monotonicNow)
                    let left = start.monotonic.duration(to: deadline)
                    if left <= .zero || Task.isCancelled { return try await base.sleep(until: deadline) }
                    while base.monotonicNow < deadline, base.passed(since: start.system) < left {
                        try await base.sleep(until: min(deadline, base.monotonicNow.advanced(by: .milliseconds(5))))
                    }
                }
            },
            TimeDefect(
                stepped: "a sleep goes on until the system's clock says so too",
                breaks: "a backward step of the system's clock delays no sleep",
                hangs: true
            ) { time in
                time.sleep = { base, deadline throws(EffectError) in
                    let start = (system: base.systemNow, monotonic: base.monotonicNow)
                    let left = start.monotonic.duration(to: deadline)
                    try await base.sleep(until: deadline)
                    while base.passed(since: start.system) < left { try await base.sleep(for: .milliseconds(5)) }
                }
            },
            TimeDefect(
                stepped: "the monotonic clock follows forward steps",
                breaks: "the monotonic clock does not follow a step of the system's clock"
            ) { time in
                time.monotonic = { $0.monotonicNow.advanced(by: max(.zero, $0.offset)) }
                time.sleep = { base, deadline throws(EffectError) in
                    try await base.sleep(until: deadline.advanced(by: .zero - max(.zero, base.offset)))
                }
            },
        ]
    }
}

extension SteppableTime {
    /// The time since a reading of the system's clock, as that clock says.
    fileprivate func passed(since start: Int64) -> Duration { .nanoseconds(systemNow - start) }
}
