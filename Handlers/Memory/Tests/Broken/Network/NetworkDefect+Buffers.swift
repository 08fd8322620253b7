internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem

private let time = SystemTimeHandler()
private let errors = HandlerErrors(NetworkEffect.self, handler: "broken")

extension NetworkDefect {
    static var buffers: [NetworkDefect] {
        [
            NetworkDefect(
                "a large message that waited for room is lost",
                breaks: "a sender waits while its receiver's buffer is full, and nothing is lost"
            ) { nodes in
                let waiting = Mutexed<[Place: Int]>([:])
                nodes.breakEach { node in
                    node.send = { base, envelope, peer throws(EffectError) in
                        let place = Place(peer: peer, channel: envelope.channel)
                        let isFull: @Sendable () -> Bool = { waiting.withLock { $0[place, default: 0] >= 8 } }
                        if envelope.payload.count > 4096, isFull() {
                            while isFull() { try await time.sleep(for: .milliseconds(1)) }
                            return
                        }
                        waiting.withLock { $0[place, default: 0] += 1 }
                        try await base.send(envelope, to: peer)
                    }
                    node.receive = { base, channel throws(EffectError) in
                        let envelope = try await base.receive(channel)
                        waiting.withLock { $0[Place(peer: base.localPeer, channel: channel), default: 0] -= 1 }
                        return envelope
                    }
                }
            },
            NetworkDefect(
                "a sender that is cancelled says that the peer is unavailable",
                breaks: "a cancelled sender that waits for room is cancelled, and the order holds"
            ) { nodes in
                nodes.breakEach { $0.changeSendError(.cancelled) { error, _ in error.code = .unavailable } }
            },
            NetworkDefect(
                "a node sends one message after the other",
                breaks: "a full buffer of one receiver does not stop messages to another",
                hangs: true
            ) { nodes in
                nodes.breakEach { node in
                    let isTaken = Mutexed(false)
                    node.send = { base, envelope, peer throws(EffectError) in
                        while isTaken.withLock({ isTaken in
                            defer { isTaken = true }
                            return isTaken
                        }) {
                            try await time.sleep(for: .milliseconds(1))
                        }
                        defer { isTaken.withLock { $0 = false } }
                        try await base.send(envelope, to: peer)
                    }
                }
            },
            NetworkDefect(
                "a request that found no room in time is sent all the same",
                breaks: "a request that waits for room ends in time, and does not arrive where it says so"
            ) { nodes in
                nodes.breakEach { node in
                    node.request = { base, envelope, peer, timeout throws(EffectError) in
                        do throws(EffectError) {
                            return try await base.request(envelope, to: peer, timeout: timeout)
                        } catch {
                            guard error.code == .deadlineExceeded, error.outcome == .notApplied else { throw error }
                            // It waits for room before anybody learns of the error.
                            Task.immediate { try? await base.send(envelope, to: peer) }
                            throw error
                        }
                    }
                }
            },
            NetworkDefect(
                "a request that is cancelled while it waits for room says that its time is over",
                breaks: "a request that is cancelled while it waits for room ends with cancelled"
            ) { nodes in
                nodes.breakEach { node in
                    node.changeRequestError(.cancelled, where: { $1.outcome == .notApplied }) {
                        $0.code = .deadlineExceeded
                    }
                }
            },
        ]
    }

    static var refusals: [NetworkDefect] {
        [
            NetworkDefect("a reply is cut to the limit", breaks: "a payload beyond the limit is refused") { nodes in
                nodes.breakEach { node in
                    node.reply = { base, response, request throws(EffectError) in
                        var response = response
                        response.payload = Array(response.payload.prefix(base.capabilities.limit(.envelopeBytes)))
                        try await base.reply(response, to: request)
                    }
                }
            },
            NetworkDefect("a request to nobody is not found", breaks: "a peer that does not exist is unavailable") {
                nodes in
                nodes.breakEach { $0.changeRequestError(.unavailable) { $0.code = .notFound } }
            },
            NetworkDefect(
                "an error quotes the headers",
                breaks: "an error prints no payload and says where it comes from"
            ) {
                nodes in
                nodes.breakEach { $0.changeSendError(.unavailable) { $0.message += " The headers are \($1.headers)." } }
            },
        ]
    }

    static var cancellation: [NetworkDefect] {
        [
            NetworkDefect(
                "the message of a cancelled task is sent all the same",
                breaks: "a call of a cancelled task is cancelled and sends nothing"
            ) { nodes in
                nodes.breakEach { node in
                    node.send = { base, envelope, peer throws(EffectError) in
                        guard Task.isCancelled else { return try await base.send(envelope, to: peer) }
                        try await heedless { () throws(EffectError) in try await base.send(envelope, to: peer) }
                        throw errors.cancelled(in: "send")
                    }
                }
            },
            NetworkDefect(
                "a cancelled consumer ends as if the node were stopped",
                breaks: "a waiting consumer that is cancelled ends with cancelled and takes no message with it"
            ) { nodes in
                nodes.breakEach { node in
                    node.receive = { base, channel throws(EffectError) in
                        do throws(EffectError) {
                            return try await base.receive(channel)
                        } catch {
                            return nil
                        }
                    }
                }
            },
            NetworkDefect(
                "a consumer of a cancelled task takes a message and throws it away",
                breaks: "a consumer of a cancelled task loses no message"
            ) { nodes in
                nodes.breakEach { node in
                    node.receive = { base, channel throws(EffectError) in
                        guard Task.isCancelled else { return try await base.receive(channel) }
                        _ = try await heedless { () throws(EffectError) in try await base.receive(channel) }
                        throw errors.cancelled(in: "incoming")
                    }
                }
            },
            NetworkDefect(
                "a cancelled request says that nothing happened",
                breaks: "a waiting request that is cancelled ends with cancelled"
            ) { nodes in
                nodes.breakEach { $0.changeRequestError(.cancelled) { $0.outcome = .notApplied } }
            },
        ]
    }
}
