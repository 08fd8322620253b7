public import AuraEffects

/// A property that every clock must have.
public typealias TimeLaw = Law<any TimeEffects>

extension Law where Handler == any TimeEffects {
    /// Every law of time.
    public static var all: [TimeLaw] { clocks + sleeping + stepping }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any TimeEffects>) -> [TimeLaw] {
        all.filter { $0.applies(to: harness) }
    }

    private static var clocks: [TimeLaw] {
        [
            TimeLaw("the handler declares what its harness says") { harness in
                let time = try await harness.make()
                try expectEqual(time.capabilities, harness.capabilities, "the declaration")
            },
            TimeLaw("the wall clock shows a time after this law was written, with an uncertainty that is not negative")
            {
                harness in
                let now = try await harness.make().now
                // From 2025 to 2262, where nanoseconds end.
                try expect(now.nanosecondsSinceEpoch > 1_735_689_600_000_000_000, "the wall clock shows \(now)")
                try expect(now.uncertainty ?? .zero >= .zero, "the uncertainty is negative: \(now)")
                let milliseconds = UInt64(now.nanosecondsSinceEpoch / 1_000_000)
                try expectEqual(now.millisecondsSinceEpoch, milliseconds, "the milliseconds")
            },
            TimeLaw("neither clock goes back, for one task or for several") { harness in
                let time = try await harness.make()
                _ = try await concurrently(4) { _ in
                    var last = (wall: time.now.nanosecondsSinceEpoch, monotonic: time.monotonicNow)
                    for round in 0..<5000 {
                        let next = (wall: time.now.nanosecondsSinceEpoch, monotonic: time.monotonicNow)
                        try expect(next.monotonic >= last.monotonic, "the monotonic clock went back from \(last)")
                        try expect(next.wall >= last.wall, "the wall clock went back from \(last) to \(next)")
                        last = next
                        if round.isMultiple(of: 100) { await Task.yield() }
                    }
                }
            },
            TimeLaw("both clocks move on together") { harness in
                let time = try await harness.make()
                let before = (wall: time.now.nanosecondsSinceEpoch, monotonic: time.monotonicNow)
                try await harness.timePasses(.milliseconds(200), on: time)
                let monotonic = before.monotonic.duration(to: time.monotonicNow)
                let wall = Duration.nanoseconds(time.now.nanosecondsSinceEpoch - before.wall)
                try expect(monotonic >= .milliseconds(200), "the monotonic clock moved by \(monotonic) in 200 ms")
                // The machine's wall clock may be slewed meanwhile.
                try expect(wall >= .milliseconds(100), "the wall clock moved by \(wall) in 200 ms")
            },
        ]
    }

    private static var sleeping: [TimeLaw] {
        [
            TimeLaw("a sleep does not end early") { harness in
                let time = try await harness.make()
                for duration in [Duration.nanoseconds(1), .milliseconds(1), .milliseconds(30), .milliseconds(200)] {
                    let (deadline, woke) = try await harness.whileTimePasses(on: time) {
                        let deadline = time.monotonicNow.advanced(by: duration)
                        try await time.sleep(until: deadline)
                        return (deadline, time.monotonicNow)
                    }
                    try expect(woke >= deadline, "a sleep of \(duration) ended early")
                }
            },
            TimeLaw("a sleep until a moment that is past ends at once") { harness in
                let time = try await harness.make()
                try await within(Patience.step, "sleeps until the past") {
                    let now = time.monotonicNow
                    for duration: Duration in [.zero, .nanoseconds(-1), .seconds(-3600)] {
                        try await time.sleep(until: now.advanced(by: duration))
                        try await time.sleep(for: duration)
                    }
                    try await time.clock.sleep(until: now, tolerance: nil)
                }
            },
            TimeLaw("a cancelled sleep ends with cancelled") { harness in
                let time = try await harness.make()
                let sleepers = [Duration.seconds(3600), .seconds(100 * 365 * 86_400)]
                    .map { duration in
                        Task { try await time.sleep(for: duration) }
                    }
                try await pause()
                for sleeper in sleepers {
                    sleeper.cancel()
                    _ = try await within(Patience.step, "a cancelled sleep") {
                        try await expectFailure(.cancelled, "a cancelled sleep", outcome: nil) {
                            try await sleeper.value
                        }
                    }
                }
            },
            TimeLaw("a sleep of a task that is cancelled already is cancelled, also until the past") { harness in
                let time = try await harness.make()
                let now = time.monotonicNow
                try await expectCancelled("a sleep") { try await time.sleep(until: now.advanced(by: .seconds(3600))) }
                try await expectCancelled("a sleep until the past") { try await time.sleep(until: now) }
            },
            TimeLaw("sleepers wake in the order of their deadlines") { harness in
                let time = try await harness.make()
                var orders: [[Int]] = []
                // A busy machine may start or wake tasks late, and then in another order: it gets more time.
                for attempt in 0..<7 {
                    let order = try await harness.wakeOrder(on: time, step: .milliseconds(25 << attempt))
                    if order == order.sorted() { return }
                    orders.append(order)
                }
                try expect(false, "they woke in the orders \(orders)")
            },
            TimeLaw("many tasks sleep at once") { harness in
                let time = try await harness.make()
                let deadline = time.monotonicNow.advanced(by: .milliseconds(50))
                let sleepers = (0..<500)
                    .map { _ in
                        Task {
                            try await time.sleep(until: deadline)
                            return time.monotonicNow
                        }
                    }
                try await harness.timePasses(.milliseconds(60), on: time)
                for sleeper in sleepers {
                    let woke = try await within(Patience.step, "a sleeper") { try await sleeper.value }
                    try expect(woke >= deadline, "a sleeper woke early")
                }
            },
            TimeLaw("the handler is a clock of the standard library") { harness in
                let time = try await harness.make()
                let (start, end) = try await harness.whileTimePasses(on: time) {
                    let start = time.clock.now
                    try await time.clock.sleep(for: .milliseconds(50))
                    return (start, time.clock.now)
                }
                try expect(start.duration(to: end) >= .milliseconds(50), "a sleep of the clock ended early")
            },
        ]
    }

    private static var stepping: [TimeLaw] {
        [
            TimeLaw(
                "after a backward step of the system's clock the wall clock does not go back",
                .ability(.stepWallClock)
            ) {
                harness in
                let time = try await harness.make()
                let wall = time.now.nanosecondsSinceEpoch
                let monotonic = time.monotonicNow
                try await harness.steppingWallClock(by: .seconds(-3600))
                var last = wall
                for _ in 0..<20 {
                    try await harness.timePasses(.milliseconds(5), on: time)
                    let now = time.now.nanosecondsSinceEpoch
                    try expect(now >= last, "the wall clock went back from \(last) to \(now)")
                    last = now
                }
                try expect(last > wall, "the wall clock stands still")
                try expect(time.monotonicNow >= monotonic, "the monotonic clock went back")
            },
            TimeLaw("a step of the system's clock ends no sleep early", .ability(.stepWallClock)) { harness in
                let time = try await harness.make()
                let (deadline, woke) = try await harness.whileTimePasses(on: time) {
                    let deadline = time.monotonicNow.advanced(by: .milliseconds(200))
                    async let step: Void = harness.steppingWallClock(by: .seconds(3600))
                    try await time.sleep(until: deadline)
                    try await step
                    return (deadline, time.monotonicNow)
                }
                try expect(woke >= deadline, "a sleep ended early")
            },
        ]
    }
}

extension ConformanceHarness<any TimeEffects> {
    /// Lets time pass until the handler's monotonic clock has moved by `duration`.
    fileprivate func timePasses(_ duration: Duration, on time: any TimeEffects) async throws {
        let harness = try require(self as? any TimeHarness, "a harness of a clock")
        // Whoever is about to sleep gets there first: on a manual clock it would sleep past its deadline otherwise.
        try await pause(.milliseconds(10))
        let deadline = time.monotonicNow.advanced(by: duration)
        try await harness.letTimePass(duration, on: time)
        try await within(Patience.step, "the passing of \(duration)") {
            while time.monotonicNow < deadline { try await pause(.milliseconds(1)) }
        }
    }

    /// Lets time pass for as long as `body` runs.
    fileprivate func whileTimePasses<Value: Sendable>(
        on time: any TimeEffects,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let harness = try require(self as? any TimeHarness, "a harness of a clock")
        return try await within(Patience.step, "what time passes for") {
            let ended = Collected<Void>()
            let task = Task {
                defer { ended.add(()) }
                return try await body()
            }
            defer { task.cancel() }
            while ended.soFar.isEmpty {
                try await harness.letTimePass(.milliseconds(1), on: time)
                try await pause(.milliseconds(1))
            }
            return try await task.value
        }
    }

    /// Lets six tasks sleep until deadlines that lie `step` apart and returns the order in which they wake.
    fileprivate func wakeOrder(on time: any TimeEffects, step: Duration) async throws -> [Int] {
        let start = time.monotonicNow
        let woken = Collected<Int>()
        let sleepers = [3, 1, 5, 4, 0, 2]
            .map { number in
                Task {
                    try await time.sleep(until: start.advanced(by: step * (number + 1)))
                    woken.add(number)
                }
            }
        for count in 1...6 {
            try await timePasses(step, on: time)
            // A manual clock stands still now: whoever is due is given the time to say so.
            guard capabilities.contains(.manual) else { continue }
            try await within(Patience.step, "a due sleeper") {
                while woken.soFar.count < count { try await pause(.milliseconds(1)) }
            }
        }
        for sleeper in sleepers { try await within(Patience.step, "a sleeper") { try await sleeper.value } }
        return woken.soFar
    }
}
