internal import Synchronization

/// Notes which tasks came by.
final class Tasks: Sendable {
    private let identities = Mutex<Set<Int>>([])

    func add() {
        let identity = withUnsafeCurrentTask { $0?.hashValue ?? 0 }
        identities.withLock { _ = $0.insert(identity) }
    }

    var distinct: Int { identities.withLock { $0.count } }
}
