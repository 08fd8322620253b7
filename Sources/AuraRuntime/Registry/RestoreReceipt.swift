public import AuraEffects

/// What putting a backup in place did.
public struct RestoreReceipt: Sendable, Hashable {
    /// How many entries the journal has.
    public var entryCount: Int

    /// The new origin that the journal writes under.
    public var origin: OriginID

    /// Where the journal that was there before is kept; `nil` where there was none.
    public var keptAside: String?

    /// Creates a receipt.
    public init(entryCount: Int, origin: OriginID, keptAside: String?) {
        self.entryCount = entryCount
        self.origin = origin
        self.keptAside = keptAside
    }
}
