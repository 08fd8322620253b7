#if os(Linux)
/// Why a simulation could not go on to the end of its program.
public enum SimulationFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Every task waits, and no timer is left that could wake one.
    case deadlock(SuspensionReport)
    /// The run took more steps than its configuration allows: a livelock, or a long program.
    case stepLimit(SuspensionReport)
    /// A task was resumed from outside the simulation: by a thread, a dispatch queue, a socket or another simulation.
    case foreignWakeup(step: Int)
    /// What has to hold at every moment did not.
    case brokenProperty(BrokenProperty)
    /// The same seed did something else the second time.
    case notRepeatable(firstHash: UInt64, secondHash: UInt64)
    /// No thread could be made for it.
    case noThread

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .deadlock(let report):
            """
            Deadlock: after \(report.step) steps, at \(report.now), every task waits and no timer is left.
            \(report)
            """
        case .stepLimit(let report):
            """
            The program made no end within \(report.step - 1) steps of the simulation (\(report.now) of virtual time): \
            look for a loop that never suspends for time, or raise 'maximumSteps'.
            \(report)
            """
        case .foreignWakeup(let step):
            """
            A task was resumed from outside the simulation after step \(step): a thread, a dispatch queue, a socket or \
            another simulation. What it waits for has to be an effect, so that a simulated handler can stand in for it.
            """
        case .brokenProperty(let broken):
            broken.description
        case .notRepeatable(let first, let second):
            """
            The same seed gave two different runs (traces \(String(first, radix: 16)) and \
            \(String(second, radix: 16))): something outside the simulation decides, such as an address, the \
            environment, a file or a global variable that the first run changed.
            """
        case .noThread:
            "The system gave no thread for the simulation: run fewer at once, or raise the limit of processes."
        }
    }
}
#endif
