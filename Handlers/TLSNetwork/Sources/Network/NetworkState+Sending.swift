#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime

extension NetworkState {
    /// Takes a frame for a peer, or lets it wait for credit and room.
    ///
    /// - Returns: What is resolved once it is taken, `nil` where it was at once; the connection to tell that it can send.
    /// - Throws: ``EffectError``: `unavailable` where the peer cannot be reached, `invalidArgument` where the frame is not for it.
    mutating func send(
        _ frame: OutgoingFrame,
        in lane: Link.LaneName,
        to peer: PeerID,
        operation: String
    ) throws(EffectError) -> (Link.Admission?, flush: Connection?) {
        guard !isStopping else { throw NetworkErrors.errors.stopped(in: operation) }
        guard peer != localPeer else { throw NetworkErrors.toOneself(in: operation) }
        guard let link = links[peer]?.connection, let hello = links[peer]?.hello else {
            throw NetworkErrors.unreachable(peer, in: operation)
        }
        guard frame.payload.count <= hello.payloadLimit else {
            let message = "The payload has \(frame.payload.count) bytes: the peer takes at most \(hello.payloadLimit)."
            throw NetworkErrors.refusal("\(message) Send it in parts.", in: operation)
        }
        if case .channel(let channel) = lane, links[peer]?.hasRoom(for: channel) == false {
            let message = "The peer takes messages on at most \(hello.channelLimit) channels: use fewer."
            throw NetworkErrors.errors.error(.resourceExhausted, in: operation, message)
        }
        let admission = links[peer]?.send(frame, in: lane)
        return (admission, links[peer]?.beginFlush() ?? false ? link : nil)
    }

    /// Takes the answer to a request that came, and closes the request: where the answer cannot be sent it stays open.
    ///
    /// - Returns: Like ``send(_:in:to:operation:)``.
    /// - Throws: ``EffectError``: like ``send(_:in:to:operation:)`` and ``openRequest(_:)``.
    mutating func answer(
        _ request: Envelope,
        with frame: OutgoingFrame
    ) throws(EffectError) -> (Link.Admission?, flush: Connection?) {
        let (token, open) = try openRequest(request)
        let sent = try send(frame, in: .replies, to: open.peer, operation: "reply")
        openRequests[token] = nil
        links[open.peer]?.openRequests.remove(token)
        return sent
    }

    /// A request that came over the connection that serves, and waits for an answer.
    ///
    /// - Throws: ``EffectError``: `invalidArgument` where it does not wait for an answer, `unavailable` where its sender's
    ///   connection has ended.
    func openRequest(_ request: Envelope) throws(EffectError) -> (token: UInt64, OpenRequest) {
        guard !isStopping else { throw NetworkErrors.errors.stopped(in: "reply") }
        // Numbers of requests mean something on their own connection alone.
        if let token = request.replyToken?.rawValue, let open = openRequests[token], open.peer == request.sender,
            links[open.peer]?.connection.number == open.connection
        {
            return (token, open)
        }
        if request.replyToken != nil, let sender = request.sender, sender != localPeer, links[sender] == nil {
            throw NetworkErrors.unreachable(sender, in: "reply")
        }
        throw NetworkErrors.refusal(
            "The envelope is not a request that waits for a reply, or does not wait any more.",
            in: "reply"
        )
    }
}
#endif
