internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Shows how many bytes have gone.
final class BytesDisplay: Sendable {
    private let display: ProgressDisplay?
    private let what: String
    private let done = Mutex(0)

    /// Begins to show what is done with the bytes, where it `isShown` at all.
    init(_ time: any TimeEffects, _ what: String, isShown: Bool) {
        display = isShown ? ProgressDisplay(time) : nil
        self.what = what
    }

    func add(_ count: Int, of total: Int) {
        let done = done.withLock { done in
            done += count
            return done
        }
        display?.show("\(ByteCount(bytes: done)) of \(ByteCount(bytes: total)) \(what)", done: done, of: total)
    }

    func finish() {
        display?.finish()
    }
}
