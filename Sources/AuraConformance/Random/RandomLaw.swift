public import AuraEffects

/// A property that every source of random numbers must have.
public typealias RandomLaw = Law<any RandomEffects>

/// How far a statistic may lie from its mean, in standard deviations: beyond seven a sound source comes once in 10^11 runs.
private let tolerance = 7.0

extension Law where Handler == any RandomEffects {
    /// Every law of random numbers.
    public static var all: [RandomLaw] { shape + distribution + seeding }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any RandomEffects>) -> [RandomLaw] {
        all.filter { $0.applies(to: harness) }
    }

    private static var shape: [RandomLaw] {
        [
            RandomLaw("the handler declares what its harness says") { harness in
                let random = try await harness.make()
                try expectEqual(random.capabilities, harness.capabilities, "the declaration")
            },
            RandomLaw("as many bytes come as were asked for") { harness in
                let random = try await harness.make()
                for count in [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 255, 256, 257, 4096, 100_003] {
                    try expectEqual(random.bytes(count).count, count, "the number of bytes")
                }
            },
            RandomLaw("draws differ from one another") { harness in
                let random = try await harness.make()
                let numbers = (0..<10_000).map { _ in random.nextUInt64() }
                try expectEqual(Set(numbers).count, numbers.count, "the different numbers")
                let blocks = (0..<1000).map { _ in random.bytes(16) }
                try expectEqual(Set(blocks).count, blocks.count, "the different blocks of 16 bytes")
            },
            RandomLaw("concurrent draws differ from one another") { harness in
                let random = try await harness.make()
                let draws = try await concurrently(8) { _ in
                    (0..<500).map { _ in (random.nextUInt64(), random.bytes(16)) }
                }
                try expectEqual(Set(draws.joined().map(\.0)).count, 4000, "the different numbers")
                try expectEqual(Set(draws.joined().map(\.1)).count, 4000, "the different blocks of 16 bytes")
            },
            RandomLaw("two unpredictable sources share nothing", .capability(.unpredictable)) { harness in
                let sources = [try await harness.make(), try await harness.make()]
                let draws = sources.map { source in
                    (numbers: Set((0..<1000).map { _ in source.nextUInt64() }), block: source.bytes(32))
                }
                try expect(draws[0].numbers.isDisjoint(with: draws[1].numbers), "both gave the same number")
                try expect(draws[0].block != draws[1].block, "both gave the same bytes")
            },
        ]
    }

    private static var distribution: [RandomLaw] {
        [
            RandomLaw("bytes are spread evenly over their values") { harness in
                let random = try await harness.make()
                try expectEven(random.bytes(64 * 1024).map { Int($0) }, values: 256, "bytes drawn at once")
                let drawn = (0..<16 * 1024).flatMap { _ in random.bytes(3) }
                try expectEven(drawn.map { Int($0) }, values: 256, "bytes drawn by threes")
            },
            RandomLaw("a byte tells nothing of the byte after it") { harness in
                let bytes = try await harness.make().bytes(64 * 1024)
                let steps = zip(bytes, bytes.dropFirst()).map { Int($1 &- $0) }
                try expectEven(steps, values: 256, "the steps from byte to byte")
            },
            RandomLaw("the bytes of numbers are spread evenly over their values") { harness in
                let random = try await harness.make()
                let numbers = (0..<32 * 1024).map { _ in random.nextUInt64() }
                for byte in 0..<8 {
                    let values = numbers.map { Int($0 >> (8 * UInt64(byte)) & 0xff) }
                    try expectEven(values, values: 256, "byte \(byte) of the numbers")
                }
            },
            RandomLaw("every bit is set half of the time and tells nothing of the next number's") { harness in
                let random = try await harness.make()
                let count = 16 * 1024
                let numbers = (0..<count).map { _ in random.nextUInt64() }
                let deviation = Double(count).squareRoot() / 2
                for bit in 0..<UInt64(64) {
                    let isSet = numbers.map { $0 >> bit & 1 == 1 }
                    let set = Double(isSet.count { $0 })
                    let changed = Double(zip(isSet, isSet.dropFirst()).count { $0 != $1 })
                    for (what, share) in [("is set", set), ("changes", changed)] {
                        let isLikely = abs(share - Double(count) / 2) < tolerance * deviation
                        try expect(isLikely, "bit \(bit) \(what) \(share) times in \(count)")
                    }
                }
            },
        ]
    }

    private static var seeding: [RandomLaw] {
        [
            RandomLaw("equal seeds give equal sequences", .ability(.reseed)) { harness in
                let seeded = try require(harness as? any ReseedingHarness, "a harness that can reseed")
                for seed: UInt64 in [0, 1, 42, .max] {
                    let first = try await seeded.make(seed: seed)
                    let second = try await seeded.make(seed: seed)
                    for count in [0, 1, 5, 8, 33] {
                        try expectEqual(first.nextUInt64(), second.nextUInt64(), "a number with seed \(seed)")
                        try expectEqual(first.bytes(count), second.bytes(count), "\(count) bytes with seed \(seed)")
                    }
                }
            },
            RandomLaw("different seeds give different sequences", .ability(.reseed)) { harness in
                let seeded = try require(harness as? any ReseedingHarness, "a harness that can reseed")
                var starts: Set<[UInt64]> = []
                for seed in UInt64(0)..<200 {
                    let random = try await seeded.make(seed: seed)
                    starts.insert((0..<2).map { _ in random.nextUInt64() })
                }
                try expectEqual(starts.count, 200, "the different beginnings of 200 seeds")
            },
        ]
    }
}

/// Fails unless a chi-square statistic of the values lies near its mean.
private func expectEven(_ drawn: [Int], values: Int, _ what: String, line: Int = #line) throws {
    var counts = Array(repeating: 0, count: values)
    for value in drawn { counts[value] += 1 }
    let expected = Double(drawn.count) / Double(values)
    let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    let freedom = Double(values - 1)
    let isLikely = abs(statistic - freedom) < tolerance * (2 * freedom).squareRoot()
    try expect(isLikely, "\(what) are uneven: chi-square is \(statistic) of about \(freedom)", line: line)
}
