internal import AuraEffects
internal import AuraSystem

/// The appends that are under way at one handler.
final class Traffic: Sendable {
    private let count = Mutexed(0)

    /// Whether any append is under way.
    var isBusy: Bool { count.withLock { $0 > 0 } }

    /// Takes note that an append begins; says how many others are under way.
    func begin() -> Int {
        count.withLock { count in
            count += 1
            return count - 1
        }
    }

    /// Takes note that an append has ended; says how many others are under way.
    func end() -> Int {
        count.withLock { count in
            count -= 1
            return count
        }
    }
}

/// Lets real time pass, so that others overtake; a cancellation ends it early.
func linger(_ milliseconds: Int = 2) async {
    try? await SystemTimeHandler().sleep(for: .milliseconds(milliseconds))
}
