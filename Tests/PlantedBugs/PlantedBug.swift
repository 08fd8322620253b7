/// A small program with a fault of concurrency, and the same program without it.
///
/// The programs are plain Swift: they know nothing of the simulation.
public struct PlantedBug: Sendable {
    /// What the fault is called.
    public let name: String
    /// What is wrong, in one sentence.
    public let fault: String
    /// The program with the fault: throws where it shows, a ``Violation`` unless the program hangs.
    public let buggy: @Sendable () async throws -> Void
    /// The program without it: never throws.
    public let fixed: @Sendable () async throws -> Void

    /// All of them.
    public static let all: [PlantedBug] = [
        .lostUpdate, .checkThenAct, .lostWakeup, .actorDeadlock, .acknowledgedBeforeSync, .replayedRequest, .splitBrain,
        .skewedLastWriter, .swallowedCancellation, .timerAgainstResult, .doubleLoad, .unorderedTasks, .droppingStream,
        .doubleRelease, .forgottenLoser, .staleAppend,
    ]
}

extension PlantedBug: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}

/// A property that a program should have had.
public struct Violation: Error, Sendable, CustomStringConvertible {
    /// What was found instead.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(Violation) {
    if !holds { throw Violation(otherwise()) }
}
