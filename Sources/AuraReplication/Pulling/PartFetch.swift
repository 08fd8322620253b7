internal import AuraEffects
internal import AuraRuntime

/// Fetches a payload or a snapshot that does not fit into a message, part by part.
struct PartFetch {
    /// How often it begins again because the whole changed meanwhile.
    private static let mostAttempts = 4

    let core: ReplicationCore
    let peer: PeerID

    /// The payload of an entry; `nil` where the peer has it no longer.
    func payload(of entry: JournalEntry, after head: OriginHead, byteCount: Int) async throws(EffectError) -> [UInt8]? {
        let limit = core.limits.largePayloadBytes
        guard byteCount <= limit else {
            let error = tooLarge("the payload of entry \(entry.sequence) of origin \(entry.origin)", byteCount, limit)
            core.quarantine(entry.origin, with: peer, .refused, error.message)
            throw error
        }
        return try await fetch(.payload(after: head), most: byteCount)
    }

    /// The snapshot of a stream; `nil` where the peer has none.
    func snapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        guard let bytes = try await fetch(.snapshot(of: stream), most: core.limits.largeSnapshotBytes) else {
            return nil
        }
        do throws(MessageFault) {
            return try SnapshotCoding.decode(bytes, of: stream)
        } catch {
            let name = HandlerErrors.quote(stream.text)
            throw core.error(.corrupted, peer, "sent a snapshot of \(name) that \(error.reason).")
        }
    }

    private func fetch(_ subject: PartRequest.Subject, most: Int) async throws(EffectError) -> [UInt8]? {
        let client = PeerClient(core: core, peer: peer)
        for _ in 0..<Self.mostAttempts {
            var bytes: [UInt8] = []
            var check: UInt64?
            while true {
                let request = PartRequest(subject: subject, offset: bytes.count, messageBytes: core.limits.messageBytes)
                guard let part = try await client.part(request) else { return nil }
                guard part.totalBytes <= most else { throw tooLarge("a payload or snapshot", part.totalBytes, most) }
                // Another snapshot was saved meanwhile: its beginning is needed.
                if let check, check != part.check { break }
                check = part.check
                bytes += part.bytes
                if bytes.count == part.totalBytes { return bytes }
                guard !part.bytes.isEmpty, bytes.count < part.totalBytes else {
                    throw core.error(.corrupted, peer, "sent parts that do not add up to the whole.")
                }
            }
        }
        throw core.error(.unavailable, peer, "changes what it sends in parts faster than it can be fetched: try again.")
    }

    private func tooLarge(_ what: String, _ byteCount: Int, _ limit: Int) -> EffectError {
        core.error(
            .resourceExhausted,
            peer,
            "has \(what) of \(byteCount) bytes, and this journal takes at most \(limit): give both journals the same limits.",
        )
    }
}
