internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

/// A channel of a receiver.
struct Place: Hashable {
    var peer: PeerID
    var channel: ChannelName
}

extension NetworkDefect {
    static var messages: [NetworkDefect] {
        [
            NetworkDefect(
                "the peers are in another order",
                breaks: "the nodes declare what their harness says, have names of their own and reach each other"
            ) { nodes in
                nodes.breakEach { node in node.reachable = { $0.reversed() } }
            },
            NetworkDefect(
                "a header without a name is lost",
                breaks: "a message arrives as it was sent, with its sender"
            ) {
                nodes in
                nodes.breakEach { node in
                    node.send = { base, envelope, peer throws(EffectError) in
                        var envelope = envelope
                        envelope.headers[""] = nil
                        try await base.send(envelope, to: peer)
                    }
                }
            },
            NetworkDefect("a sender names itself", breaks: "a sender's claims about itself are not believed") { nodes in
                nodes.breakEach { node in
                    node.send = { base, envelope, peer throws(EffectError) in
                        var envelope = envelope
                        envelope.headers["sender"] = envelope.sender?.rawValue
                        try await base.send(envelope, to: peer)
                    }
                    node.receive = { base, channel throws(EffectError) in
                        var envelope = try await base.receive(channel)
                        if let sender = envelope?.headers.removeValue(forKey: "sender") {
                            envelope?.sender = PeerID(sender)
                        }
                        return envelope
                    }
                }
            },
            NetworkDefect(
                "the messages change places where a number of one byte begins anew",
                breaks: "messages arrive in the order in which they were sent"
            ) { nodes in
                nodes.breakEach { node in
                    let held = Mutexed<(count: Int, message: Envelope?)>((0, nil))
                    node.send = { base, envelope, peer throws(EffectError) in
                        let count = held.withLock { held in
                            held.count += 1
                            return held.count
                        }
                        if count == 256 { return held.withLock { $0.message = envelope } }
                        try await base.send(envelope, to: peer)
                        if count == 257, let message = held.withLock({ $0.message }) {
                            try await base.send(message, to: peer)
                        }
                    }
                }
            },
            NetworkDefect(
                "a message is delivered again when another sender's comes before it",
                breaks: "every sender's messages arrive in its order, none lost and none doubled"
            ) { nodes in
                nodes.breakEach { node in
                    let last = Mutexed<[ChannelName: (sender: PeerID?, again: Envelope?)]>([:])
                    node.receive = { base, channel throws(EffectError) in
                        let again = last.withLock { last in
                            defer { last[channel]?.again = nil }
                            return last[channel]?.again
                        }
                        if let again { return again }
                        guard let envelope = try await base.receive(channel) else { return nil }
                        last.withLock { last in
                            let isOther = last[channel].map { $0.sender != envelope.sender } ?? false
                            last[channel] = (envelope.sender, isOther ? envelope : nil)
                        }
                        return envelope
                    }
                }
            },
            NetworkDefect("channels are named without regard to case", breaks: "channels are separate") { nodes in
                nodes.breakEach { node in
                    node.send = { base, envelope, peer throws(EffectError) in
                        var envelope = envelope
                        envelope.channel = ChannelName(rawValue: envelope.channel.rawValue.lowercased())
                        try await base.send(envelope, to: peer)
                    }
                    node.receive = { base, channel throws(EffectError) in
                        try await base.receive(ChannelName(rawValue: channel.rawValue.lowercased()))
                    }
                }
            },
            NetworkDefect(
                "a small message that opens a channel goes to every peer",
                breaks: "a message reaches its receiver alone"
            ) { nodes in
                nodes.breakEach { node in
                    let opened = Mutexed<Set<ChannelName>>([])
                    node.send = { base, envelope, peer throws(EffectError) in
                        try await base.send(envelope, to: peer)
                        let isFirst = opened.withLock { $0.insert(envelope.channel).inserted }
                        guard isFirst, envelope.payload.count < 1024 else { return }
                        for other in try await base.peers() where other != peer {
                            try await base.send(envelope, to: other)
                        }
                    }
                }
            },
            NetworkDefect(
                "once one channel is consumed, the first message for one without a consumer is dropped",
                breaks: "messages wait for their channel's first consumer while others are consumed"
            ) { nodes in
                let calls = Mutexed<[Place: Int]>([:])
                nodes.breakEach { node in
                    node.send = { base, envelope, peer throws(EffectError) in
                        let place = Place(peer: peer, channel: envelope.channel)
                        let isDropped = calls.withLock { calls in
                            guard calls[place] == nil, calls.contains(where: { $0.key.peer == peer && $0.value > 1 })
                            else { return false }
                            // Only the first one, so that the consumer gets the next and not nothing.
                            calls[place] = 0
                            return true
                        }
                        if !isDropped { try await base.send(envelope, to: peer) }
                    }
                    node.receive = { base, channel throws(EffectError) in
                        calls.withLock { $0[Place(peer: base.localPeer, channel: channel), default: 0] += 1 }
                        return try await base.receive(channel)
                    }
                }
            },
            NetworkDefect(
                "a message that several consumers wait for is delivered twice",
                breaks: "several consumers of a channel share its messages"
            ) { nodes in
                nodes.breakEach { node in
                    let state = Mutexed<[ChannelName: (waiting: Int, again: [Envelope])]>([:])
                    node.receive = { base, channel throws(EffectError) in
                        let again = state.withLock { state -> Envelope? in
                            if state[channel]?.again.isEmpty ?? true {
                                state[channel, default: (0, [])].waiting += 1
                                return nil
                            }
                            return state[channel]?.again.removeFirst()
                        }
                        if let again { return again }
                        defer { state.withLock { $0[channel]?.waiting -= 1 } }
                        guard let envelope = try await base.receive(channel) else { return nil }
                        state.withLock { state in
                            if let waiting = state[channel]?.waiting, waiting > 1 {
                                state[channel]?.again.append(envelope)
                            }
                        }
                        return envelope
                    }
                }
            },
            NetworkDefect("a length is sent in two bytes", breaks: "payloads of any size up to the limit arrive") {
                nodes in
                nodes.breakEach { node in
                    node.send = { base, envelope, peer throws(EffectError) in
                        var envelope = envelope
                        envelope.payload.removeLast(envelope.payload.count & ~0xffff)
                        try await base.send(envelope, to: peer)
                    }
                }
            },
        ]
    }
}
