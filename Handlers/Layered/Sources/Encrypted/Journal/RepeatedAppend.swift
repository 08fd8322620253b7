internal import AuraEffects
internal import AuraRuntime

/// Judges an append whose ids the journal underneath knows: what it compares are ciphertexts, which always differ.
struct RepeatedAppend {
    private static let pageSize = 256

    let journal: any JournalEffects
    let sealer: Sealer
    /// The origin of the journal's own entries; `nil` where that is not known.
    let origin: OriginID?

    /// The first receipts of an append that was made before.
    ///
    /// - Parameter appends: The append.
    /// - Returns: The receipts; `nil` where an id is new, or known with other content.
    /// - Throws: ``EffectError`` with `compacted` where a payload is not there any more to be compared.
    func firstReceipts(of appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt]? {
        var receipts: [AppendReceipt] = []
        for append in appends {
            var known: [JournalEntry] = []
            for draft in append.drafts {
                guard let entry = try await ownEntry(append.stream, draft.id), entry.kind == draft.kind else {
                    return nil
                }
                known.append(entry)
            }
            let payloads = try await sealer.open(known, in: "append").map(\.payload)
            guard payloads == append.drafts.map(\.payload) else { return nil }
            let items = known.map { AppendReceipt.Item(id: $0.id, revision: $0.revision, position: $0.position) }
            receipts.append(AppendReceipt(stream: append.stream, items: items))
        }
        return receipts
    }

    /// The journal's own entry with an id; other origins may have used the id in the same stream.
    private func ownEntry(_ stream: StreamName, _ id: EntryID) async throws(EffectError) -> JournalEntry? {
        let first: JournalEntry?
        do throws(EffectError) {
            first = try await journal.entry(stream, id: id)
        } catch  where error.code == .compacted {
            throw sealer.errors.error(
                .compacted,
                in: "append",
                "The stream \(HandlerErrors.quote(stream.text)) has an entry \(id) whose payload was compacted away: whether this "
                    + "append is the same cannot be told any more. Append under another id if it is not.",
                cause: error
            )
        }
        guard let origin, let first, first.origin != origin else { return first }
        var revision = first.revision.next
        while true {
            let page = try await journal.read(stream, from: revision, limit: Self.pageSize)
            guard let last = page.last else { return nil }
            if let own = page.first(where: { $0.id == id && $0.origin == origin }) { return own }
            revision = last.revision.next
        }
    }
}
