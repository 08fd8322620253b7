internal import AuraEffects

extension Law where Handler == any TimeEffects {
    static var stepping: [TimeLaw] {
        [
            TimeLaw(
                "after a backward step of the system's clock the wall clock does not go back",
                .ability(.stepWallClock)
            ) { harness in
                let time = try await harness.make()
                var last = time.now.nanosecondsSinceEpoch
                try await harness.steppingWallClock(by: .seconds(-3600))
                for _ in 0..<20 {
                    let now = time.now.nanosecondsSinceEpoch
                    try expect(now >= last, "the wall clock went back from \(last) to \(now)")
                    last = now
                    try await harness.timePasses(.milliseconds(5), on: time)
                }
            },
            TimeLaw(
                "after a backward step of the system's clock the wall clock goes on from monotonic time",
                .ability(.stepWallClock)
            ) { harness in
                let time = try await harness.make()
                _ = time.now
                try await harness.steppingWallClock(by: .seconds(-3600))
                let before = time.now.nanosecondsSinceEpoch
                try await harness.timePasses(.milliseconds(200), on: time)
                let wall = Duration.nanoseconds(time.now.nanosecondsSinceEpoch - before)
                try expect(wall >= .milliseconds(100), "the wall clock moved by \(wall) in 200 ms")
            },
            TimeLaw(
                "after a backward step of the system's clock the wall clock comes back to it",
                .ability(.stepWallClock)
            ) { harness in
                let time = try await harness.make()
                let step = Duration.milliseconds(10)
                let before = time.wallAhead
                try await harness.steppingWallClock(by: .zero - step)
                let end = time.monotonicNow.advanced(by: .seconds(3))
                try await within(Patience.step, "the slewing of \(step)") {
                    while time.monotonicNow < end, time.wallAhead > before - step * 9 / 10 {
                        try await harness.timePasses(.milliseconds(5), on: time)
                    }
                }
                let left = time.wallAhead - (before - step)
                try expect(left < step / 2, "the wall clock is still \(left) ahead of the system's clock")
            },
            TimeLaw("a forward step of the system's clock ends no sleep early", .ability(.stepWallClock)) { harness in
                let (deadline, woke) = try await sleepAcross(.seconds(3600), harness)
                try expect(woke >= deadline, "a sleep ended early")
            },
            TimeLaw("a backward step of the system's clock delays no sleep", .ability(.stepWallClock)) { harness in
                _ = try await sleepAcross(.seconds(-3600), harness)
            },
            TimeLaw("the monotonic clock does not follow a step of the system's clock", .ability(.stepWallClock)) {
                harness in
                let time = try await harness.make()
                for step in [Duration.seconds(3600), .seconds(-7200)] {
                    let before = time.monotonicNow
                    try await harness.steppingWallClock(by: step)
                    let moved = before.duration(to: time.monotonicNow)
                    try expect(moved >= .zero && moved < .seconds(600), "a step of \(step) moved it by \(moved)")
                }
            },
        ]
    }

    /// Sleeps for 200 ms while the system's clock is stepped.
    private static func sleepAcross(
        _ step: Duration,
        _ harness: any ConformanceHarness<Handler>
    ) async throws -> (deadline: MonotonicInstant, woke: MonotonicInstant) {
        let time = try await harness.make()
        return try await harness.whileTimePasses(on: time) {
            // So long that the step comes amid the sleep, also on a busy machine.
            let deadline = time.monotonicNow.advanced(by: .milliseconds(600))
            async let stepped: Void = {
                try await pause(.milliseconds(50))
                try await harness.steppingWallClock(by: step)
            }()
            try await time.sleep(until: deadline)
            let woke = time.monotonicNow
            try await stepped
            return (deadline, woke)
        }
    }

    static var standing: [TimeLaw] {
        [
            TimeLaw("a manual clock moves only when it is advanced, and then by as much", .capability(.manual)) {
                harness in
                let time = try await harness.make()
                let harness = try require(harness as? any TimeHarness, "a harness of a clock")
                let start = (wall: time.now.nanosecondsSinceEpoch, monotonic: time.monotonicNow)
                var passed = Duration.zero
                for step in [Duration.zero, .nanoseconds(1), .milliseconds(7), .seconds(86_400)] {
                    try await harness.letTimePass(step, on: time)
                    passed += step
                    try await pause(.milliseconds(5))
                    for _ in 0..<3 {
                        let wall = Duration.nanoseconds(time.now.nanosecondsSinceEpoch - start.wall)
                        try expectEqual(wall, passed, "how far the wall clock moved")
                        let monotonic = start.monotonic.duration(to: time.monotonicNow)
                        try expectEqual(monotonic, passed, "how far the monotonic clock moved")
                    }
                }
            }
        ]
    }
}

extension TimeEffects {
    /// How far the wall clock is ahead of the monotonic clock.
    fileprivate var wallAhead: Duration {
        // A task that is held up between the readings takes the wall clock for later: the least of several is right.
        let readings = (0..<5)
            .map { _ in
                let monotonic = monotonicNow.nanoseconds
                return now.nanosecondsSinceEpoch - monotonic
            }
        return .nanoseconds(readings.min() ?? 0)
    }
}
