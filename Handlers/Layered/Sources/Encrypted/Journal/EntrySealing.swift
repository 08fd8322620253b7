internal import AuraEffects
internal import AuraRuntime

/// Seals and opens entries one after another; entries that share a key derive it once.
///
/// End it with ``forget()``.
struct EntrySealing {
    private let sealer: Sealer
    private let operation: String
    private var sealingKey: Sealer.RecordKey?
    private var openingKey: Sealer.RecordKey?

    init(_ sealer: Sealer, in operation: String) {
        self.sealer = sealer
        self.operation = operation
    }

    /// A draft with its payload sealed.
    ///
    /// A signature of the journal's head stays as it is: it hides nothing, and who checks it needs no key of the journal's.
    mutating func seal(
        _ draft: JournalEntry.Draft,
        for stream: StreamName
    ) async throws(EffectError) -> JournalEntry.Draft {
        if HeadSignature.isCarried(by: draft.payload, draft.kind, in: stream) { return draft }
        let subject = SealedSubject.entry(stream, draft.id, draft.kind)
        if sealingKey == nil { sealingKey = try await sealer.makeKey(for: subject, in: operation) }
        guard let sealingKey else { return draft }
        var sealed = draft
        sealed.payload = try await sealer.seal(draft.payload, as: subject, under: sealingKey, in: operation).bytes
        return sealed
    }

    /// An entry with its payload decrypted; one that was compacted or is a signature as it is.
    mutating func open(_ entry: JournalEntry) async throws(EffectError) -> JournalEntry {
        guard case .payload(let stored) = entry.body,
            !HeadSignature.isCarried(by: stored, entry.kind, in: entry.stream)
        else { return entry }
        let subject = SealedSubject.entry(entry.stream, entry.id, entry.kind)
        let header = try sealer.header(of: stored, subject, in: operation)
        let key = try await openingKey(for: header, subject)
        var opened = entry
        let plaintext = try await sealer.open(stored, header, as: subject, under: key, in: operation)
        opened.body = .decrypted(plaintext, stored: stored)
        return opened
    }

    private mutating func openingKey(
        for header: SealedHeader,
        _ subject: SealedSubject
    ) async throws(EffectError) -> Sealer.RecordKey {
        if let key = openingKey {
            let isSame = key.salt == header.salt && key.version == header.version && key.check == header.check
            if isSame, header.isNamed(sealer.keys.name) { return key }
            openingKey = nil
            await sealer.forget(key)
        }
        let key = try await sealer.recordKey(of: header, subject, in: operation)
        openingKey = key
        return key
    }

    /// Forgets the derived keys.
    func forget() async {
        if let sealingKey { await sealer.forget(sealingKey) }
        if let openingKey { await sealer.forget(openingKey) }
    }
}

extension Sealer {
    /// Entries with their payloads decrypted.
    func open(_ entries: [JournalEntry], in operation: String) async throws(EffectError) -> [JournalEntry] {
        var sealing = EntrySealing(self, in: operation)
        var opened: [JournalEntry] = []
        opened.reserveCapacity(entries.count)
        do throws(EffectError) {
            for entry in entries { opened.append(try await sealing.open(entry)) }
        } catch {
            await sealing.forget()
            throw error
        }
        await sealing.forget()
        return opened
    }

    /// Appends with their payloads sealed, under one key for all.
    func seal(_ appends: [StreamAppend], in operation: String) async throws(EffectError) -> [StreamAppend] {
        var sealing = EntrySealing(self, in: operation)
        var sealed = appends
        do throws(EffectError) {
            for index in sealed.indices {
                for place in sealed[index].drafts.indices {
                    sealed[index].drafts[place] =
                        try await sealing.seal(sealed[index].drafts[place], for: sealed[index].stream)
                }
            }
        } catch {
            await sealing.forget()
            throw error
        }
        await sealing.forget()
        return sealed
    }

    /// Opens every payload and snapshot of a batch that is to be merged, and keeps nothing of them.
    ///
    /// Of a compacted entry there is nothing to open: the snapshot that covers it is.
    func authenticate(_ batch: JournalBatch, in operation: String) async throws(EffectError) {
        var sealing = EntrySealing(self, in: operation)
        do throws(EffectError) {
            for entry in batch.entries {
                do throws(EffectError) {
                    _ = try await sealing.open(entry)
                } catch {
                    throw refusal(of: "Entry \(entry.id) of origin \(entry.origin)", error, in: operation)
                }
            }
            for snapshot in batch.snapshots {
                do throws(EffectError) {
                    _ = try await open(snapshot.state, as: .snapshot(snapshot.stream), in: operation)
                } catch {
                    let name = "The snapshot of the stream \(HandlerErrors.quote(snapshot.stream.text))"
                    throw refusal(of: name, error, in: operation)
                }
            }
        } catch {
            await sealing.forget()
            throw error
        }
        await sealing.forget()
    }

    private func refusal(of name: String, _ error: EffectError, in operation: String) -> EffectError {
        switch error.code {
        case .corrupted:
            errors.error(
                .conflict,
                in: operation,
                "\(name) does not open: it is not encrypted, was altered, or was sealed as something else. Exchange entries "
                    + "between encrypted journals that share their key.",
                cause: error
            )
        case .unauthenticated, .unsupported:
            errors.error(.preconditionFailed, in: operation, "\(name) was not merged. \(error.message)", cause: error)
        default: error
        }
    }
}
