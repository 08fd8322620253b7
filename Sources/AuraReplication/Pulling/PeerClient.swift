internal import AuraEffects

/// Asks a peer.
struct PeerClient {
    let core: ReplicationCore
    let peer: PeerID

    /// The peer's heads within a range of origins.
    ///
    /// - Parameters:
    ///   - page: This journal's heads within the range.
    ///   - pushed: Entries that it may take before it answers.
    /// - Returns: The heads, or that they are the same.
    /// - Throws: ``EffectError``.
    func frontier(
        _ page: FrontierPage,
        pushing pushed: EntryBatch? = nil
    ) async throws(EffectError) -> ReplicationReply.FrontierReply {
        let request = pushed.map { ReplicationRequest.push(page, $0) } ?? .frontier(page)
        guard case .frontier(let reply) = try await ask(request).reply else { throw unexpected() }
        if case .page(let theirs) = reply, !theirs.isFirstPart(of: page) {
            throw core.error(.corrupted, peer, "answered for other origins than it was asked for.")
        }
        return reply
    }

    func entries(_ request: PullRequest) async throws(EffectError) -> (batch: EntryBatch, bytes: Int) {
        let answer = try await ask(.pull(request))
        guard case .batch(let batch) = answer.reply else { throw unexpected() }
        return (batch, answer.bytes)
    }

    func part(_ request: PartRequest) async throws(EffectError) -> ReplicationReply.Part? {
        guard case .part(let part) = try await ask(.part(request)).reply else { throw unexpected() }
        return part
    }

    /// Waits until the peer has pulled what it was told of.
    func settle() async throws(EffectError) {
        guard case .settled = try await ask(.settle).reply else { throw unexpected() }
    }

    private func ask(_ request: ReplicationRequest) async throws(EffectError) -> (reply: ReplicationReply, bytes: Int) {
        let envelope = Envelope(channel: core.configuration.channel, payload: request.encoded)
        let answer = try await core.network.request(envelope, to: peer, timeout: core.configuration.requestTimeout)
        let reply: ReplicationReply
        do throws(MessageFault) {
            reply = try ReplicationReply(answer.payload)
        } catch {
            throw core.error(.corrupted, peer, "sent a reply that \(error.reason). See which version it runs.")
        }
        if case .refusal(let reason) = reply { throw refused(reason) }
        return (reply, answer.payload.count)
    }

    private func unexpected() -> EffectError {
        core.error(.corrupted, peer, "answered another question than it was asked. See which version it runs.")
    }

    private func refused(_ reason: ReplicationReply.Refusal) -> EffectError {
        switch reason {
        case .malformed:
            core.error(.unsupported, peer, "does not understand the request. See which version it runs.")
        case .notAllowed:
            core.error(
                .permissionDenied,
                peer,
                "does not exchange entries with this node: name this node among its peers."
            )
        case .unavailable:
            core.error(.unavailable, peer, "cannot answer now: try again.")
        case .failed:
            core.error(.internal, peer, "cannot read its journal: see its log.")
        }
    }
}

extension FrontierPage {
    /// Whether the page answers for the range of another one, or for its first part, which ends with a head.
    fileprivate func isFirstPart(of asked: FrontierPage) -> Bool {
        guard after == asked.after else { return false }
        if through == asked.through { return true }
        guard let last = heads.last?.origin, last == through else { return false }
        return asked.through.map { last < $0 } ?? true
    }
}
