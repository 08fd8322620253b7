internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer

/// Shows how far a transfer is.
struct TransferDisplay {
    private let display: ProgressDisplay?
    private let what: String

    /// Begins to show what is counted and what is done with it, where it `isShown` at all.
    init(_ time: any TimeEffects, _ what: String, isShown: Bool) {
        display = isShown ? ProgressDisplay(time, showsLines: false) : nil
        self.what = what
    }

    func show(_ progress: TransferProgress) {
        let whole = progress.total.map { " of \($0)" } ?? ""
        display?.show("\(progress.done)\(whole) \(what)", done: progress.done, of: progress.total)
    }

    func finish() {
        display?.finish()
    }
}
