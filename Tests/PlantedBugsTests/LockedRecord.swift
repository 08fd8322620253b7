internal import Synchronization

/// A list that is appended to without a hop.
final class LockedRecord: Sendable {
    private let state = Mutex<[String]>([])

    var items: [String] { state.withLock { $0 } }

    func append(_ item: String) {
        state.withLock { $0.append(item) }
    }
}
