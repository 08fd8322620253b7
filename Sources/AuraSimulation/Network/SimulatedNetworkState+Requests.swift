internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

// Requests and their replies.
extension SimulatedNetworkState {
    /// Sends a request and returns its number and what to wait for.
    mutating func request(
        _ envelope: Envelope,
        to name: PeerID,
        timeout: Duration,
        from peer: Int,
        _ life: UInt64,
        _ now: MonotonicInstant
    ) throws(EffectError) -> (number: UInt64, answer: Answer) {
        let link = try connectedLink(to: name, from: peer, life, in: "request", now)
        let number = nextNumber()
        var envelope = envelope
        envelope.sender = peers[peer].name
        envelope.replyToken = ReplyToken(rawValue: number)
        let answer = Answer()
        let isTaken = submit(envelope, link, now)
        requests[number] = Request(link: link, channel: envelope.channel, answer: answer, isTaken: isTaken)
        if !isTaken { wait(NetworkMailbox.Waiting(link: link, envelope: envelope)) }
        agenda.add(.timeout(request: number), at: now.advanced(by: timeout))
        return (number, answer)
    }

    mutating func reply(
        _ response: Envelope,
        to request: Envelope,
        from peer: Int,
        _ life: UInt64,
        _ now: MonotonicInstant
    ) throws(EffectError) {
        guard isAlive(peer, life) else { throw Self.errors.stopped(in: "reply") }
        var response = response
        response.sender = peers[peer].name
        response.replyToken = nil
        guard let token = request.replyToken, let name = request.sender, let other = numbers[name],
            let link = link(from: peer, to: other)
        else { throw Self.waitsForNoReply }
        guard peers[peer].openRequests[token.rawValue] == other else {
            if links[link].isOpen { throw Self.waitsForNoReply }
            throw Self.connectionEnded(in: "reply")
        }
        peers[peer].openRequests[token.rawValue] = nil
        push(.reply(response, request: token.rawValue), link, now)
    }

    /// Ends a request whose time is up.
    mutating func expire(_ number: UInt64, _ now: MonotonicInstant) {
        guard let request = requests[number] else { return }
        let outcome = request.isTaken ? EffectError.Outcome.unknown : .notApplied
        let message = "No reply came in time: ask again if the request may be repeated."
        let error = Self.errors.error(.deadlineExceeded, in: "request", message, outcome: outcome)
        abandon(request: number, now)
        request.answer.resolve(.failure(error))
    }

    /// Forgets a request that nobody waits for any more, and lets the replier know.
    ///
    /// - Returns: Whether it was on its way already, or is over.
    @discardableResult
    mutating func abandon(request number: UInt64, _ now: MonotonicInstant) -> Bool {
        guard let request = requests.removeValue(forKey: number) else { return true }
        if request.isTaken {
            push(.withdrawal(request: number), request.link, now)
        } else {
            peers[links[request.link].to].mailboxes[request.channel]?.waiting.removeAll { $0.request == number }
        }
        return request.isTaken
    }

    private static var waitsForNoReply: EffectError {
        let message = "The envelope is not a request that waits for a reply, or does not wait any more."
        return errors.error(.invalidArgument, in: "reply", message)
    }
}
