#if PostgreSQL
internal import AuraRuntime

/// Holds tasks up until it is opened.
final class Gate: Sendable {
    private let signal = ChangeSignal()

    func open() {
        signal.notify()
    }

    /// Waits until the gate is open; ends early where the task is cancelled.
    func pass() async {
        try? await signal.wait(beyond: 0)
    }
}
#endif
