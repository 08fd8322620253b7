internal import AuraEffects
internal import AuraRuntime

/// Payloads that are objects of their own, under the id of their commit and their place in it.
///
/// The hash that the commit has of each tells whether what is read is what was stored.
struct LargePayloads: Sendable {
    let objects: any ObjectStorageEffects
    let prefix: String
    /// How large a payload is at least that becomes an object.
    let threshold: Int
    let errors: HandlerErrors

    /// Whether a payload becomes an object: one that is larger than an object may be lies in the table.
    func takes(_ payload: [UInt8]) -> Bool {
        payload.count >= threshold && payload.count <= objects.capabilities.limit(.objectBytes)
    }

    private func folder(of id: EntryID) -> String { "\(prefix)payload/\(id)/" }

    private func key(of id: EntryID, _ slot: Int) -> ObjectKey { ObjectKey("\(folder(of: id))\(slot)") }

    /// Stores a payload; the errors are the bucket's own.
    func put(_ payload: [UInt8], of id: EntryID, _ slot: Int) async throws(EffectError) {
        try await objects.put(ByteStream(payload), to: key(of: id, slot))
    }

    /// The payload of an entry.
    ///
    /// - Throws: `corrupted` where the object is missing or another one than was stored; what keeps it from being read.
    func payload(
        _ slot: Int,
        of id: EntryID,
        _ logged: Commit.Entry,
        in operation: String
    ) async throws(EffectError) -> [UInt8] {
        let key = key(of: id, slot)
        let bytes: [UInt8]?
        do throws(EffectError) {
            bytes = try await objects.get(key)?.body.bytes(atMost: KeyValueJournalHandler.largestPayload)
        } catch {
            guard error.code != .resourceExhausted else { throw damaged(key, logged, operation) }
            throw errors.error(
                error.code,
                in: operation,
                error.message,
                cause: error,
                isRetryable: error.isRetryable
            )
        }
        guard let bytes, SHA256.hash(bytes) == logged.digest else { throw damaged(key, logged, operation) }
        return bytes
    }

    /// Removes the payloads of a commit but those that are needed.
    func removeAll(of id: EntryID, but isNeeded: (_ slot: Int) -> Bool) async throws(EffectError) {
        let folder = folder(of: id)
        var keys: [ObjectKey] = []
        var token: PageToken?
        repeat {
            let page = try await objects.list(prefix: folder, after: token, limit: 1000)
            keys += page.items.map(\.key)
            token = page.next
        } while token != nil
        for key in keys {
            if let slot = Int(key.text.dropFirst(folder.count)), isNeeded(slot) { continue }
            try await objects.remove(key)
        }
    }

    private func damaged(_ key: ObjectKey, _ logged: Commit.Entry, _ operation: String) -> EffectError {
        let entry = logged.entry
        return errors.error(
            .corrupted,
            in: operation,
            "The payload of entry \(entry.id) of the stream \(HandlerErrors.quote(entry.stream.text)) is the object '\(key)', "
                + "which is missing or was changed: restore the bucket."
        )
    }
}
