internal import AuraEffects
internal import AuraRuntime

/// Sends a peer a part of a payload or snapshot that does not fit into a message.
struct PartAnswer {
    let core: ReplicationCore
    let peer: PeerID

    func reply(to request: PartRequest) async throws(EffectError) -> [UInt8] {
        guard let item = try await item(request) else { return ReplicationReply.encodedGone }
        let messageBytes = min(request.messageBytes, core.limits.messageBytes)
        let start = min(request.offset, item.bytes.count)
        let end = min(item.bytes.count, start + messageBytes - ReplicationReply.partOverhead)
        if end == item.bytes.count { core.largeItem.forget(request.subject) }
        core.withState { state in state.update(peer) { $0.sentBytes += end - start } }
        return ReplicationReply.encoded(
            totalBytes: item.bytes.count,
            check: item.check,
            bytes: item.bytes[start..<end]
        )
    }

    private func item(_ request: PartRequest) async throws(EffectError) -> LargeItemCache.Item? {
        if request.offset > 0, let kept = core.largeItem.item(request.subject) { return kept }
        guard let bytes = try await bytes(of: request.subject) else { return nil }
        let item = LargeItemCache.Item(bytes: bytes, check: bytes.withUnsafeBytes { XXHash64.hash($0) })
        core.largeItem.keep(item, as: request.subject)
        return item
    }

    private func bytes(of subject: PartRequest.Subject) async throws(EffectError) -> [UInt8]? {
        switch subject {
        case .payload(let head):
            let mine = try await core.journal.frontier()
            guard mine.sequence(of: head.origin) > head.sequence else { return nil }
            let wanted = mine.leavingOut(allBut: [head.origin: head.head])
            return try await core.journal.entries(beyond: wanted, limit: 1).entries
                .first { $0.origin == head.origin }?
                .payload
        case .snapshot(let stream):
            return try await core.journal.latestSnapshot(of: stream).map { SnapshotCoding.encode($0) }
        }
    }
}
