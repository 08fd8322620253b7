/// How far a transfer is.
public struct TransferProgress: Sendable, Hashable {
    /// How many entries or values are done, those that were there before included.
    public var done: Int

    /// How many there are; `nil` where that is not known.
    public var total: Int?

    /// Creates a moment of a transfer.
    public init(done: Int, total: Int?) {
        self.done = done
        self.total = total
    }
}
