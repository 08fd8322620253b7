package import AuraEffects

/// Tells workers of what was added to the journal.
package struct ChangeAnnouncer: Sendable {
    /// How far was announced; not below the projection's keys, which are cleared with it.
    private static let key = StorageKey("fieldnotes-announced")
    private static let pageEntries = 64

    private let path: NoticePath

    package init(_ effects: EffectSystem, on channel: NoticeChannel) {
        path = NoticePath(effects: effects, channel: channel)
    }

    /// Announces what the journal has beyond what was announced.
    ///
    /// It is noted once it was sent: what ends in between announces the same again.
    ///
    /// - Returns: The notice that was sent; `nil` where there was nothing new.
    /// - Throws: What the journal, the storage and the channel throw.
    @discardableResult
    package func announce() async throws(EffectError) -> ChangeNotice? {
        let storage = path.effects.storage
        let stored = try await storage.read(Self.key)
        let announced = stored.flatMap { ChangeNotice(body: $0.bytes)?.position } ?? .start
        let end = try await end(after: announced)
        guard end > announced else { return nil }
        let notice = ChangeNotice(end)
        try await path.send(notice)
        do throws(EffectError) {
            let precondition = stored.map { StoragePrecondition.matches($0.revision) } ?? .absent
            _ = try await storage.write(notice.body, to: Self.key, if: precondition)
        } catch  where error.code == .preconditionFailed {
            // Another process has announced meanwhile; the next call announces what it did not.
        }
        return notice
    }

    /// The position of the last entry.
    private func end(after position: Position) async throws(EffectError) -> Position {
        var end = position
        while let last = try await path.effects.journal.readAll(after: end, limit: Self.pageEntries).last {
            end = last.position
        }
        return end
    }
}
