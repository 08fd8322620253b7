internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Answers the requests of peers.
struct RequestServer: Duty {
    let core: ReplicationCore

    /// Answers one request after the other until the network is stopped.
    func run() async throws(EffectError) {
        var requests = core.network.incoming(core.configuration.channel).makeAsyncIterator()
        while let request = try await requests.next() {
            guard let peer = request.sender, request.replyToken != nil else { continue }
            // Its end is waited for, but no cancellation reaches it: a request that was taken is answered, since its sender
            // would wait for nothing.
            await Task { await answer(request, from: peer) }.value
        }
        throw core.errors.stopped(in: ReplicationCore.operation)
    }

    private func answer(_ request: Envelope, from peer: PeerID) async {
        guard let reply = await reply(to: request, from: peer) else { return }
        await send(reply, to: request)
    }

    /// Sends a reply; a peer that is gone asks again.
    func send(_ reply: [UInt8], to request: Envelope) async {
        do throws(EffectError) {
            try await core.network.reply(Envelope(channel: core.configuration.channel, payload: reply), to: request)
        } catch {
            core.logger.debug("A reply could not be sent", metadata: ["cause": "\(error)"])
        }
    }

    /// The reply to a request; `nil` where it comes later.
    private func reply(to envelope: Envelope, from peer: PeerID) async -> [UInt8]? {
        guard core.isAllowed(peer) else { return ReplicationReply.encoded(.notAllowed) }
        let request: ReplicationRequest
        do throws(MessageFault) {
            request = try ReplicationRequest(envelope.payload)
        } catch {
            core.logger.warning(
                "A request was refused",
                metadata: ["peer": "\(HandlerErrors.quote(peer.rawValue))", "cause": "it \(error.reason)"]
            )
            return ReplicationReply.encoded(.malformed)
        }
        do throws(EffectError) {
            switch request {
            case .frontier(let page): return try await FrontierAnswer(core: core, peer: peer).reply(to: page)
            case .push(let page, let batch):
                await PushIntake(core: core, peer: peer).take(batch)
                return try await FrontierAnswer(core: core, peer: peer).reply(to: page)
            case .pull(let request): return try await PullAnswer(core: core, peer: peer).reply(to: request)
            case .part(let request): return try await PartAnswer(core: core, peer: peer).reply(to: request)
            case .settle:
                let waits = core.withState { $0.runs > 0 && $0.queue.wait(envelope, from: peer) }
                return waits ? nil : ReplicationReply.encodedSettled
            }
        } catch {
            core.logger.warning(
                "A request could not be answered",
                metadata: ["peer": "\(HandlerErrors.quote(peer.rawValue))", "cause": "\(error)"]
            )
            return ReplicationReply.encoded(error.isRetryable || error.code == .cancelled ? .unavailable : .failed)
        }
    }
}
