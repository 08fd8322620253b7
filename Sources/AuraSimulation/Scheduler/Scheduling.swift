#if os(Linux)
internal import AuraMemory

/// In which order jobs that could run now are run.
public enum Scheduling: Sendable, Hashable, Codable {
    /// One of the others, drawn by the seed.
    case mixed
    /// Every job with the same chance.
    case random
    /// In the order in which the jobs became ready.
    case firstInFirstOut
    /// On with the task that ran last as long as it can, but for this share of the steps: few switches, at any place.
    case sticky(switching: Double)
    /// By priorities that tasks draw when they begin, with a number of steps at which the task that would run falls to
    /// the lowest one. A bug that needs that many switches is found with a chance that does not fade with the length
    /// of the run.
    ///
    /// Source: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of
    /// Finding Bugs", ASPLOS 2010.
    case priorityChange(changes: Int)
}

/// What a seed makes of a ``Scheduling``, and where a run stands in it.
struct SchedulingStrategy {
    private enum Kind {
        case random
        case firstInFirstOut
        case sticky(threshold: UInt64)
        case priorityChange(steps: [Int])
        case replay(ScheduleDeviations)
    }

    private var kind: Kind
    private var generator: Xoshiro256StarStar
    private var nextChange = 0
    private var lowestPriority: UInt32 = 1_000

    init(_ scheduling: Scheduling, seed: UInt64) {
        generator = Xoshiro256StarStar(seed: seed)
        switch scheduling {
        case .mixed: kind = Self.drawn(&generator)
        case .random: kind = .random
        case .firstInFirstOut: kind = .firstInFirstOut
        case .sticky(let share): kind = .sticky(threshold: Self.threshold(share))
        case .priorityChange(let count): kind = Self.priorityChange(count, &generator)
        }
    }

    /// Repeats a schedule.
    init(_ deviations: ScheduleDeviations) {
        generator = Xoshiro256StarStar(seed: 0)
        kind = .replay(deviations)
    }

    private static func drawn(_ generator: inout Xoshiro256StarStar) -> Kind {
        switch generator.below(10) {
        case 0: .firstInFirstOut
        case 1: .sticky(threshold: threshold(0.5))
        case 2: .sticky(threshold: threshold(0.2))
        case 3: .sticky(threshold: threshold(0.05))
        case 4...7: priorityChange(generator.below(8), &generator)
        default: .random
        }
    }

    private static func threshold(_ share: Double) -> UInt64 {
        UInt64((min(max(share, 0), 1) * 0x1p63).rounded()) &* 2 &- (share >= 1 ? 1 : 0)
    }

    // How long the run will be is not known: each length is as likely as its half. A length for all changes puts them
    // close together in a long run too; a length for each leaves one for a short run more often.
    private static func priorityChange(_ count: Int, _ generator: inout Xoshiro256StarStar) -> Kind {
        let isOneForAll = generator.below(2) == 0
        var length = 0
        var steps: [Int] = []
        while steps.count < count {
            if steps.isEmpty || !isOneForAll { length = 8 << generator.below(15) }
            steps.append(generator.below(length))
        }
        return .priorityChange(steps: steps.sorted())
    }

    /// The priority of a task that begins.
    mutating func drawPriority() -> UInt32 {
        guard case .priorityChange = kind else { return 0 }
        return UInt32(truncatingIfNeeded: generator.next() >> 33) + 1_000_000
    }

    /// Which of several entries runs next.
    ///
    /// - Parameters:
    ///   - ready: The entries; two or more.
    ///   - usual: The one that continues the task that ran last, or else the oldest.
    ///   - step: The number of the step.
    ///   - decision: How often there was a choice before.
    /// - Returns: Its place among the entries.
    /// - Returns: The entry's place.
    mutating func pick(_ ready: borrowing ReadyQueue, usual: Int, step: Int, decision: Int) -> Int {
        switch kind {
        case .random: return generator.below(ready.count)
        case .firstInFirstOut: return 0
        case .sticky(let threshold): return generator.next() < threshold ? generator.below(ready.count) : usual
        case .replay(let deviations): return min(deviations.choice(at: decision) ?? usual, ready.count - 1)
        case .priorityChange(let steps):
            if nextChange < steps.count, step >= steps[nextChange] {
                nextChange += 1
                if let record = unsafe ready[Self.highest(ready)].job.record {
                    lowestPriority -= 1
                    unsafe record.pointee.priority = lowestPriority
                }
            }
            return Self.highest(ready)
        }
    }

    private static func highest(_ ready: borrowing ReadyQueue) -> Int {
        var best = 0
        var priority: UInt32 = 0
        for index in 0..<ready.count {
            let own = unsafe ready[index].job.record?.pointee.priority ?? .max
            if own > priority { (best, priority) = (index, own) }
        }
        return best
    }
}

extension Xoshiro256StarStar {
    /// A number from zero up to, without, a bound.
    @inline(__always)
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
    }
}
#endif
