internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The topics that a handler and its pusher share.
final class MemoryTopicState: Sendable {
    let contents = Mutex(MemoryTopics())
    let changes = ChangeSignal()
}

/// Pushes the messages of a memory handler's topics, one after the other.
struct MemoryPusher: Sendable {
    private static let visibility = Duration.seconds(30)
    private static let pauseAfterRefusal = Duration.seconds(1)
    private static let longestWait = Duration.seconds(3600)

    let state: MemoryTopicState
    let targets: MemoryPushTargets
    let wait: MessageWait

    /// Pushes until the handler is stopped.
    func run() async {
        do throws(EffectError) {
            while true {
                let generation = state.changes.generation
                let now = wait.time.monotonicNow
                let due = state.contents.withLock { $0.takeForPushing(visibility: Self.visibility, at: now) }
                for (subscription, message) in due.messages { await push(message, of: subscription) }
                guard due.messages.isEmpty else { continue }
                let longest = now.advanced(by: Self.longestWait)
                try await wait.waitForChange(beyond: generation, until: min(longest, due.nextVisible ?? longest))
            }
        } catch {
            // The handler was stopped: what was not pushed goes with it.
        }
    }

    private func push(_ message: ReceivedMessage, of subscription: Subscription) async {
        guard case .push(let address) = subscription.delivery else { return }
        let isTaken: Bool
        do {
            guard let target = targets.body(at: address) else { return giveBack(message, to: subscription) }
            try await target(message)
            isTaken = true
        } catch {
            isTaken = false
        }
        guard isTaken else { return giveBack(message, to: subscription) }
        let now = wait.time.monotonicNow
        state.contents.withLock { contents in
            _ = contents.withMessages(of: subscription.name) { $0.acknowledge(message.receipt, at: now) }
        }
    }

    private func giveBack(_ message: ReceivedMessage, to subscription: Subscription) {
        let now = wait.time.monotonicNow
        state.contents.withLock { contents in
            _ = contents.withMessages(of: subscription.name) {
                $0.extend(message.receipt, by: Self.pauseAfterRefusal, at: now)
            }
        }
    }
}
