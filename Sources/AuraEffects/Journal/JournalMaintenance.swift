/// What a journal's handler can do beyond the contract where it keeps its data in a place of its own, such as a file.
///
/// Tools ask for it with ``JournalEffects/maintenance``, and say so where a handler has it not.
public protocol JournalMaintenance: JournalEffects {
    /// Whose entries the journal writes, and whether it was copied.
    func identity() async throws(EffectError) -> JournalIdentity

    /// Gives the journal a new origin, for one that was restored or copied and would fork the chain of its original.
    ///
    /// - Returns: The new origin; entries appended from now on are its.
    /// - Throws: ``EffectError`` where the journal cannot be written.
    @discardableResult
    func adopt() async throws(EffectError) -> OriginID

    /// Copies the journal as it is now into a file, while it is in use.
    ///
    /// The copy has this journal's origin: where both go on writing, let one ``adopt()`` a new one.
    ///
    /// - Parameters:
    ///   - path: The copy's path; a file that is there is replaced once the copy is complete and synced.
    ///   - progress: Called with how much is copied and the total, in a unit of the handler's.
    /// - Throws: ``EffectError``: `resourceExhausted` where the disk is full, `cancelled`; an older copy is still there then.
    func backup(
        to path: String,
        progress: @Sendable (_ copied: Int, _ total: Int) -> Void
    ) async throws(EffectError)

    /// Checks the whole journal as ``JournalEffects/verify()`` does, and tells how far it is.
    ///
    /// - Parameter progress: Called with how many entries were checked, now and then.
    /// - Returns: What was found.
    /// - Throws: ``EffectError`` where the journal cannot be read at all.
    func verify(progress: @Sendable (_ checkedEntries: Int) -> Void) async throws(EffectError) -> VerificationReport
}

extension JournalEffects {
    /// What the handler can do for its own data, or `nil`; interceptors around it are left out.
    public var maintenance: (any JournalMaintenance)? {
        var handler: any Sendable = self
        while true {
            if let maintenance = handler as? any JournalMaintenance { return maintenance }
            guard let intercepted = handler as? any InterceptedHandler else { return nil }
            handler = intercepted.base
        }
    }
}

/// Whose entries a journal writes.
public struct JournalIdentity: Sendable, Hashable, Codable {
    /// The origin of the entries that it appends.
    public var origin: OriginID

    /// Whether it was last written in another place: it is a copy or a restored backup that has not adopted an origin of
    /// its own yet.
    public var isCopy: Bool

    /// Creates an identity.
    public init(origin: OriginID, isCopy: Bool) {
        self.origin = origin
        self.isCopy = isCopy
    }
}
