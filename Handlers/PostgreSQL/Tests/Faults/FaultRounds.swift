#if PostgreSQL
internal import Foundation

/// How often faults are repeated: 10 rounds in `make test`, 50 in `make soak`.
enum FaultRounds {
    static var isSoak: Bool { ProcessInfo.processInfo.environment["AURA_SOAK"] != nil }
    static var numbers: Range<Int> { 0..<(isSoak ? 50 : 10) }

    /// A moment of its own for each round, in milliseconds.
    static func moment(_ round: Int, atMost: Int) -> Duration {
        // Weyl's sequence: spread evenly, whatever the number of rounds is.
        .milliseconds(Int(Double(atMost) * (Double(round + 1) * 0.618_033_988_749).truncatingRemainder(dividingBy: 1)))
    }
}
#endif
