public import AuraEffects

/// A property that every clock must have.
public typealias TimeLaw = Law<any TimeEffects>

extension Law where Handler == any TimeEffects {
    /// Every law of time.
    public static var all: [TimeLaw] { clocks + sleeping + stepping + standing }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any TimeEffects>) -> [TimeLaw] {
        all.filter { $0.applies(to: harness) }
    }

    static var clocks: [TimeLaw] {
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
}
