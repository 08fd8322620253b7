internal import Synchronization

/// Measures how many were inside at once.
final class CallGauge: Sendable {
    private let state = Mutex((now: 0, most: 0))

    func enter() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    func leave() {
        state.withLock { $0.now -= 1 }
    }

    var most: Int { state.withLock { $0.most } }
}

/// Numbers in the order in which they came.
final class Order: Sendable {
    private let state = Mutex<[Int]>([])

    func add(_ number: Int) {
        state.withLock { $0.append(number) }
    }

    var numbers: [Int] { state.withLock { $0 } }
}
