internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

/// A seeded source of which the numbers or the bytes are broken.
struct BrokenRandom: RandomEffects {
    let base: SeededRandomHandler
    var capabilities = Capabilities()
    var number: @Sendable (SeededRandomHandler) -> UInt64 = { $0.nextUInt64() }
    var block: @Sendable (SeededRandomHandler, Int) -> [UInt8] = { $0.bytes($1) }

    init(seed: UInt64) {
        base = SeededRandomHandler(seed: seed)
    }

    func nextUInt64() -> UInt64 { number(base) }
    func bytes(_ count: Int) -> [UInt8] { block(base, count) }
}

/// Makes sources that are all broken in the same way.
struct BrokenRandomHarness: ReseedingHarness {
    var capabilities = Capabilities()
    var seed: @Sendable (UInt64) -> UInt64 = { $0 }
    let change: @Sendable (inout BrokenRandom) -> Void

    func make() async throws -> any RandomEffects { try await make(seed: 20) }

    func make(seed: UInt64) async throws -> any RandomEffects {
        var random = BrokenRandom(seed: self.seed(seed))
        change(&random)
        return random
    }

    func finish() async {}
}

typealias RandomDefect = Defect<any RandomEffects>

extension RandomDefect {
    private init(
        _ description: String,
        breaks law: String,
        declaring features: Set<Capability> = [],
        _ change: @escaping @Sendable (inout BrokenRandom) -> Void = { _ in },
        seed: @escaping @Sendable (UInt64) -> UInt64 = { $0 }
    ) {
        self.init(description: description, law: law) {
            BrokenRandomHarness(capabilities: Capabilities(features), seed: seed, change: change)
        }
    }

    static var all: [RandomDefect] {
        [
            RandomDefect("a source declares more than it says", breaks: "the handler declares what its harness says") {
                random in
                random.capabilities.features.insert(.durable)
            },
            RandomDefect("a block has at most 64 KiB", breaks: "as many bytes come as were asked for") { random in
                random.block = { $0.bytes(min($1, 65_536)) }
            },
            RandomDefect(
                "a buffer of numbers begins with the last one of the buffer before",
                breaks: "draws differ from one another"
            ) { random in
                let state = Mutexed<(count: Int, last: UInt64)>((0, 0))
                random.number = { base in
                    let number = base.nextUInt64()
                    return state.withLock { state in
                        state.count += 1
                        if !state.count.isMultiple(of: 8192) { state.last = number }
                        return state.last
                    }
                }
            },
            RandomDefect(
                "each task has a generator of its own, all of one seed",
                breaks: "concurrent draws differ from one another"
            ) { random in
                let seed = random.base.nextUInt64()
                let generators = Mutexed<[Int: SeededRandomHandler]>([:])
                let generator: @Sendable () -> SeededRandomHandler = {
                    let task = withUnsafeCurrentTask { $0?.hashValue ?? 0 }
                    return generators.withLock { generators in
                        let generator = generators[task] ?? SeededRandomHandler(seed: seed)
                        generators[task] = generator
                        return generator
                    }
                }
                random.number = { _ in generator().nextUInt64() }
                random.block = { generator().bytes($1) }
            },
            RandomDefect(
                "a source that is declared unpredictable has a fixed seed",
                breaks: "two unpredictable sources share nothing",
                declaring: [.unpredictable]
            ) { random in
                random.capabilities.features.insert(.unpredictable)
            },
            RandomDefect("bytes are remainders of 255", breaks: "bytes are spread evenly over their values") { random in
                random.block = { base, count in base.bytes(count).map { $0 % 255 } }
            },
            RandomDefect("each second byte follows from the first", breaks: "a byte tells nothing of the byte after it")
            {
                random in
                random.block = { base, count in
                    var bytes = base.bytes(count)
                    for index in stride(from: 1, to: count, by: 2) { bytes[index] = bytes[index - 1] &+ 1 }
                    return bytes
                }
            },
            RandomDefect(
                "the highest byte of a number is a remainder of 255",
                breaks: "the bytes of numbers are spread evenly over their values"
            ) { random in
                random.number = { base in
                    let number = base.nextUInt64()
                    return (number << 8) >> 8 | ((number >> 56) % 255) << 56
                }
            },
            RandomDefect(
                "the lowest bit of the numbers alternates",
                breaks: "every bit is set half of the time and tells nothing of the next number's"
            ) { random in
                let count = Gauge()
                random.number = { base in base.nextUInt64() & ~1 | UInt64(count.next() & 1) }
            },
            RandomDefect(
                "a seed is mixed with a counter of the process",
                breaks: "equal seeds give equal sequences",
                seed: { [count = Gauge()] in $0 &+ UInt64(count.next()) << 32 }
            ),
            RandomDefect("a seed is made odd", breaks: "different seeds give different sequences", seed: { $0 | 1 }),
        ]
    }
}
