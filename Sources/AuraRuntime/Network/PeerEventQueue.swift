package import AuraEffects
internal import Synchronization

/// The connection events that one sequence has yet to deliver.
///
/// It is bounded by the number of peers: of three unread events of a peer the first two cancel out.
package final class PeerEventQueue: Sendable {
    typealias Arrival = OneShot<Result<PeerEvent?, EffectError>>

    private struct State {
        var isFinished = false
        var unread: [PeerEvent] = []
        var receivers: [Arrival] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func add(_ event: PeerEvent) {
        state.withLock { state in
            while !state.receivers.isEmpty {
                if state.receivers.removeFirst().resolve(.success(event)) { return }
            }
            if state.unread.count(where: { $0.peer == event.peer }) == 2 {
                state.unread.removeAll { $0.peer == event.peer }
            }
            state.unread.append(event)
        }
    }

    package func finish() {
        state.withLock { state in
            state.isFinished = true
            for receiver in state.receivers { receiver.resolve(.success(nil)) }
            state.receivers = []
        }
    }

    package func next(cancelled: EffectError) async throws(EffectError) -> PeerEvent? {
        let arrival = Arrival()
        state.withLock { state in
            if !state.unread.isEmpty {
                arrival.resolve(.success(state.unread.removeFirst()))
            } else if state.isFinished {
                arrival.resolve(.success(nil))
            } else {
                state.receivers.append(arrival)
            }
        }
        let result = await arrival.value(orWhenCancelled: .failure(cancelled))
        if case .failure = result {
            state.withLock { $0.receivers.removeAll { $0 === arrival } }
        }
        return try result.get()
    }
}

extension PeerEvent {
    fileprivate var peer: PeerID {
        switch self {
        case .connected(let peer), .disconnected(let peer): peer
        }
    }
}
