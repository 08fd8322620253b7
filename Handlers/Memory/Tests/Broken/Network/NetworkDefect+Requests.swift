internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension NetworkDefect {
    static var requests: [NetworkDefect] {
        [
            NetworkDefect("a reply loses its headers", breaks: "a request gets its reply") { nodes in
                nodes.breakEach { node in
                    node.reply = { base, response, request throws(EffectError) in
                        var response = response
                        response.headers = [:]
                        try await base.reply(response, to: request)
                    }
                }
            },
            NetworkDefect(
                "after thirty-two requests their numbers begin anew, and old replies are found",
                breaks: "concurrent requests each get their own reply"
            ) { nodes in
                nodes.breakEach { node in
                    let count = Gauge()
                    let replies = Mutexed<[Int: Envelope]>([:])
                    node.request = { base, envelope, peer, timeout throws(EffectError) in
                        let number = count.next() % 32
                        let reply = try await base.request(envelope, to: peer, timeout: timeout)
                        return replies.withLock { replies in
                            replies[number] = replies[number] ?? reply
                            return replies[number] ?? reply
                        }
                    }
                }
            },
            NetworkDefect(
                "a reply goes to the oldest request",
                breaks: "requests answered in another order get their own replies"
            ) { nodes in
                nodes.breakEach { node in
                    let received = Mutexed<[Envelope]>([])
                    let answered = Mutexed<Set<ReplyToken>>([])
                    node.recordRequests(in: received)
                    node.reply = { base, response, request throws(EffectError) in
                        let isSmall = response.payload.count <= base.capabilities.limit(.envelopeBytes)
                        let oldest = received.withLock { received -> Envelope? in
                            guard isSmall, let token = request.replyToken,
                                received.contains(where: { $0.replyToken == token })
                            else { return nil }
                            // Each request is answered once, so that its requester gets a reply and not an error.
                            return answered.withLock { $0.insert(token).inserted ? received[$0.count - 1] : nil }
                        }
                        try await base.reply(response, to: oldest ?? request)
                    }
                }
            },
            NetworkDefect(
                "a request without a reply says that nothing happened",
                breaks: "a request without a reply ends with deadlineExceeded, its outcome unknown"
            ) { nodes in
                nodes.breakEach { $0.changeRequestError(.deadlineExceeded) { $0.outcome = .notApplied } }
            },
            NetworkDefect(
                "a late reply is taken for another request's",
                breaks: "a late reply reaches no other request"
            ) {
                $0.misdirectReplies(toRequestsThatEndedWith: .deadlineExceeded)
            },
            NetworkDefect("a late reply arrives as a message", breaks: "a late reply arrives on no channel") { nodes in
                let ended = Mutexed<Set<Envelope>>([])
                nodes.breakEach { node in
                    node.recordEnds(with: .deadlineExceeded, in: ended)
                    node.reply = { base, response, request throws(EffectError) in
                        do throws(EffectError) {
                            try await base.reply(response, to: request)
                        } catch {
                            guard let sender = request.sender, ended.withLock({ $0.contains(request.asSent) }) else {
                                throw error
                            }
                            try await base.send(response, to: sender)
                        }
                    }
                }
            },
            NetworkDefect(
                "a reply to a cancelled request is taken for another's",
                breaks: "a reply to a cancelled request reaches no other request"
            ) { $0.misdirectReplies(toRequestsThatEndedWith: .cancelled) },
            NetworkDefect("a second reply is dropped in silence", breaks: "a request is answered once") { nodes in
                nodes.breakEach { node in
                    let answered = Mutexed<Set<ReplyToken>>([])
                    node.reply = { base, response, request throws(EffectError) in
                        if let token = request.replyToken, answered.withLock({ $0.contains(token) }) { return }
                        try await base.reply(response, to: request)
                        if let token = request.replyToken { answered.withLock { _ = $0.insert(token) } }
                    }
                }
            },
            NetworkDefect(
                "a reply with a token that was never issued is dropped in silence",
                breaks: "a reply to what is no request is refused"
            ) { nodes in
                nodes.breakEach { node in
                    node.reply = { base, response, request throws(EffectError) in
                        if let token = request.replyToken, token.rawValue > UInt64(UInt32.max) { return }
                        try await base.reply(response, to: request)
                    }
                }
            },
            NetworkDefect("any node may use a token", breaks: "a token serves only the node that it was issued by") {
                nodes in
                let owners = Mutexed<[ReplyToken: MemoryNetworkHandler]>([:])
                nodes.breakEach { node in
                    node.receive = { base, channel throws(EffectError) in
                        let envelope = try await base.receive(channel)
                        if let token = envelope?.replyToken { owners.withLock { $0[token] = base } }
                        return envelope
                    }
                    node.reply = { base, response, request throws(EffectError) in
                        let owner = request.replyToken.flatMap { token in owners.withLock { $0[token] } }
                        try await (owner ?? base).reply(response, to: request)
                    }
                }
            },
        ]
    }
}

extension Envelope {
    /// The message without what its receiver's handler set.
    var asSent: Envelope { Envelope(channel: channel, headers: headers, payload: payload) }
}

extension BrokenNode {
    /// Takes note of the requests that arrive.
    mutating func recordRequests(in open: Mutexed<[Envelope]>) {
        receive = { base, channel throws(EffectError) in
            let envelope = try await base.receive(channel)
            if let envelope, envelope.replyToken != nil { open.withLock { $0.append(envelope) } }
            return envelope
        }
    }

    /// Takes note of the requests that end with an error.
    mutating func recordEnds(with code: EffectError.Code, in ended: Mutexed<Set<Envelope>>) {
        request = { base, envelope, peer, timeout throws(EffectError) in
            do throws(EffectError) {
                return try await base.request(envelope, to: peer, timeout: timeout)
            } catch {
                if error.code == code { ended.withLock { _ = $0.insert(envelope.asSent) } }
                throw error
            }
        }
    }

    /// Changes the errors of requests that began and ended with `code`.
    mutating func changeRequestError(
        _ code: EffectError.Code,
        where isMeant: @escaping @Sendable (MemoryNetworkHandler, EffectError) async -> Bool = { _, _ in true },
        _ change: @escaping @Sendable (inout EffectError) -> Void
    ) {
        request = { base, envelope, peer, timeout throws(EffectError) in
            let wasCancelled = Task.isCancelled
            do throws(EffectError) {
                return try await base.request(envelope, to: peer, timeout: timeout)
            } catch {
                var changed = error
                if error.code == code, !wasCancelled, await isMeant(base, error) { change(&changed) }
                throw changed
            }
        }
    }

    /// Changes the errors of sends that began and ended with `code`.
    mutating func changeSendError(
        _ code: EffectError.Code,
        where isMeant: @escaping @Sendable (MemoryNetworkHandler, PeerID) async -> Bool = { _, _ in true },
        _ change: @escaping @Sendable (inout EffectError, Envelope) -> Void
    ) {
        send = { base, envelope, peer throws(EffectError) in
            let isCandidate = !Task.isCancelled
            let isAffected = isCandidate ? await isMeant(base, peer) : false
            do throws(EffectError) {
                try await base.send(envelope, to: peer)
            } catch {
                var changed = error
                if error.code == code, isAffected { change(&changed, envelope) }
                throw changed
            }
        }
    }
}

extension [BrokenNode] {
    /// Lets replies to requests that ended with `code` answer another open request of the same sender.
    mutating func misdirectReplies(toRequestsThatEndedWith code: EffectError.Code) {
        let ended = Mutexed<Set<Envelope>>([])
        breakEach { node in
            let open = Mutexed<[Envelope]>([])
            node.recordRequests(in: open)
            node.recordEnds(with: code, in: ended)
            node.reply = { base, response, request throws(EffectError) in
                open.withLock { $0.removeAll { $0.replyToken == request.replyToken } }
                do throws(EffectError) {
                    try await base.reply(response, to: request)
                } catch {
                    let other = open.withLock { $0.first { $0.sender == request.sender } }
                    guard let other, ended.withLock({ $0.contains(request.asSent) }) else { throw error }
                    try await base.reply(response, to: other)
                }
            }
        }
    }
}
