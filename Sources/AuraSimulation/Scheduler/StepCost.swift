internal import AuraMemory

/// What a step takes of virtual time, so that a time-out can come while there is work.
public enum StepCost: Sendable, Hashable, Codable {
    /// Nothing: time moves only while nothing can run.
    case nothing
    /// Up to about this much, which is rounded up to a power of two nanoseconds; drawn for each step.
    case upTo(Duration)
    /// One of these, drawn by the seed.
    case drawn

    static func drawn(by generator: inout Xoshiro256StarStar) -> StepCost {
        switch generator.below(4) {
        case 0: .nothing
        case 1: .upTo(.microseconds(1))
        case 2: .upTo(.microseconds(30))
        default: .upTo(.milliseconds(1))
        }
    }

    /// The bits that a drawn cost may have.
    var mask: UInt64 {
        guard case .upTo(let duration) = self, duration > .zero else { return 0 }
        let nanoseconds =
            UInt64(clamping: duration.components.seconds) &* 1_000_000_000
            &+ UInt64(clamping: duration.components.attoseconds / 1_000_000_000)
        return nanoseconds == 0 ? 0 : .max >> UInt64(max(nanoseconds, 2).leadingZeroBitCount)
    }
}
