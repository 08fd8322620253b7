internal import Synchronization

/// Counts how often something was run, in all simulations.
final class Runs: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
