internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension NetworkDefect {
    static var disconnections: [NetworkDefect] {
        [
            NetworkDefect(
                "a disconnection resets the connection to the third node too",
                breaks: "both sides learn of a disconnection, and nobody else",
                on: {
                    BrokenLinksHarness(disconnected: { first, second in
                        for third in try await first.peers() where third != second.localPeer {
                            first.network.disconnect(first.localPeer, third)
                            first.network.connect(first.localPeer, third)
                        }
                    })
                }
            ),
            NetworkDefect(
                "the side that is called sends its last message again after a reconnection",
                breaks: "both sides learn of a new connection, which delivers again",
                on: {
                    let sent = Mutexed<[PeerID: Envelope]>([:])
                    return BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            node.send = { base, envelope, peer throws(EffectError) in
                                try await base.send(envelope, to: peer)
                                sent.withLock { $0[base.localPeer] = envelope }
                            }
                        }
                    } reconnected: { first, second in
                        guard let last = sent.withLock({ $0[second.localPeer] }) else { return }
                        try await second.base.send(last, to: first.localPeer)
                    }
                }
            ),
            NetworkDefect(
                "the second message after a reconnection is lost",
                breaks: "each connection delivers an ordered prefix of what was sent over it",
                on: {
                    let left = Mutexed<[PeerID: Int]>([:])
                    return BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            node.send = { base, envelope, peer throws(EffectError) in
                                let isLost = left.withLock { left in
                                    left[base.localPeer, default: 0] -= 1
                                    return left[base.localPeer] == 0
                                }
                                if !isLost { try await base.send(envelope, to: peer) }
                            }
                        }
                    } reconnected: { first, second in
                        left.withLock { left in for node in [first, second] { left[node.localPeer] = 2 } }
                    }
                }
            ),
            NetworkDefect(
                "a waiting sender that loses its connection reports an inner error",
                breaks: "a waiting sender learns of a disconnection",
                on: {
                    BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            node.send = { base, envelope, peer throws(EffectError) in
                                let wasConnected = (try? await base.peers())?.contains(peer) ?? false
                                do throws(EffectError) {
                                    try await base.send(envelope, to: peer)
                                } catch {
                                    var changed = error
                                    let isMeant = wasConnected && error.code == .unavailable
                                    if isMeant, await !base.isStopped { changed.code = .internal }
                                    throw changed
                                }
                            }
                        }
                    }
                }
            ),
            NetworkDefect(
                "a request whose connection ends says that nothing happened",
                breaks: "a request whose connection ends is unavailable, its outcome unknown",
                on: {
                    BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            node.changeRequestError(.unavailable, where: { base, _ in await !base.isStopped }) {
                                $0.outcome = .notApplied
                            }
                        }
                    }
                }
            ),
            NetworkDefect(
                "requests are numbered anew in each connection",
                breaks: "a reply to a request of an earlier connection reaches no other",
                on: { BrokenLinksHarness { $0.misdirectReplies(toRequestsThatEndedWith: .unavailable) } }
            ),
        ]
    }

    static var observers: [NetworkDefect] {
        [
            NetworkDefect(
                "the observers of a node share its events",
                breaks: "every observer learns of every event",
                on: {
                    BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            let events = node.base.events()
                            node.observe = { _ in events }
                        }
                    }
                }
            ),
            NetworkDefect(
                "an observer learns of the event before it too",
                breaks: "an observer learns of what happens from then on",
                on: {
                    let last = Mutexed<[PeerID: PeerEvent]>([:])
                    return BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            node.observe = { base in
                                let events = base.events()
                                let replayed = Mutexed(last.withLock { $0[base.localPeer] })
                                return NetworkSequence { () throws(EffectError) in
                                    let event = replayed.withLock { replayed in
                                        defer { replayed = nil }
                                        return replayed
                                    }
                                    if let event { return event }
                                    var iterator = events.makeAsyncIterator()
                                    return try await iterator.next()
                                }
                            }
                        }
                    } disconnected: { first, second in
                        last.withLock { $0[first.localPeer] = .disconnected(second.localPeer) }
                    }
                }
            ),
        ]
    }

    static var stopping: [NetworkDefect] {
        [
            NetworkDefect(
                "a stopped node delivers what lay in its buffers",
                breaks: "a stopped node's sequences end, and the others learn of it",
                on: {
                    BrokenLinksHarness { nodes in
                        let sent = Mutexed<[Place: Envelope]>([:])
                        nodes.breakEach { node in
                            node.send = { base, envelope, peer throws(EffectError) in
                                try await base.send(envelope, to: peer)
                                sent.withLock { $0[Place(peer: peer, channel: envelope.channel)] = envelope }
                            }
                            node.receive = { base, channel throws(EffectError) in
                                if let envelope = try await base.receive(channel) { return envelope }
                                let place = Place(peer: base.localPeer, channel: channel)
                                return sent.withLock { $0.removeValue(forKey: place) }
                            }
                        }
                    }
                }
            ),
            NetworkDefect(
                "a send of a stopped node does nothing and says nothing",
                breaks: "a stopped node sends nothing",
                on: {
                    BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            node.send = { base, envelope, peer throws(EffectError) in
                                if await base.isStopped { return }
                                try await base.send(envelope, to: peer)
                            }
                        }
                    }
                }
            ),
            NetworkDefect(
                "a request of a node that is stopped ends as if it were cancelled",
                breaks: "what waits at a node that is stopped ends as unavailable",
                on: {
                    BrokenLinksHarness { nodes in
                        nodes.breakEach { node in
                            let isMeant: @Sendable (MemoryNetworkHandler, EffectError) async -> Bool = { base, error in
                                guard error.outcome == .unknown else { return false }
                                return await base.isStopped
                            }
                            node.changeRequestError(.unavailable, where: isMeant) { $0.code = .cancelled }
                        }
                    }
                }
            ),
        ]
    }
}
