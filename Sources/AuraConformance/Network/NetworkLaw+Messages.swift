internal import AuraEffects

extension Law where Handler == [any NetworkEffects] {
    static var messages: [NetworkLaw] {
        [
            NetworkLaw("the nodes declare what their harness says, have names of their own and reach each other") {
                harness in
                let nodes = try await harness.make()
                try expectEqual(nodes.count, 3, "the number of nodes")
                try expectEqual(Set(nodes.map(\.localPeer)).count, 3, "the different names")
                for node in nodes {
                    try expectEqual(node.capabilities, harness.capabilities, "the declaration")
                    let others = nodes.map(\.localPeer).filter { $0 != node.localPeer }
                    let peers = try await node.peers().filter { $0 != node.localPeer }
                    try expectEqual(peers, others.sorted(), "the peers in the order of their names")
                }
            },
            NetworkLaw("a message arrives as it was sent, with its sender") { harness in
                let nodes = try await harness.make()
                var envelope = Envelope(channel: "notes", payload: Array(0...255))
                envelope.headers = ["kind": "note/1", "": "empty", "größe": "\u{e9}e\u{301}\0👩‍👩‍👧"]
                try await nodes[0].send(envelope, to: nodes[1].localPeer)
                let arrived = try require(await nodes[1].incoming("notes").first(1).first, "the message")
                try expectEqual(arrived.channel, "notes", "the channel")
                try expectEqual(arrived.headers, envelope.headers, "the headers")
                try expectEqual(arrived.payload, envelope.payload, "the payload")
                try expectEqual(arrived.sender, nodes[0].localPeer, "the sender")
                try expectEqual(arrived.replyToken, nil, "the reply token of a message that waits for no reply")
            },
            NetworkLaw("a sender's claims about itself are not believed") { harness in
                let nodes = try await harness.make()
                var envelope = Envelope.numbered(1)
                envelope.sender = nodes[2].localPeer
                envelope.replyToken = ReplyToken(rawValue: 1)
                try await nodes[0].send(envelope, to: nodes[1].localPeer)
                let arrived = try require(await nodes[1].incoming("numbers").first(1).first, "the message")
                try expectEqual(arrived.sender, nodes[0].localPeer, "the sender")
                try expectEqual(arrived.replyToken, nil, "the reply token")
            },
            NetworkLaw("messages arrive in the order in which they were sent") { harness in
                let nodes = try await harness.make()
                async let sent: Void = { () async throws in
                    for number in 0..<300 { try await nodes[0].send(.numbered(number), to: nodes[1].localPeer) }
                }()
                let arrived = try await nodes[1].incoming("numbers").first(300)
                try await sent
                try expectEqual(arrived.map(\.number), Array(0..<300), "the numbers in the order of their arrival")
            },
            NetworkLaw("every sender's messages arrive in its order, none lost and none doubled") { harness in
                let nodes = try await harness.make()
                async let sent: [Void] = concurrently(2) { sender in
                    for number in 0..<150 { try await nodes[sender].send(.numbered(number), to: nodes[2].localPeer) }
                }
                let arrived = try await nodes[2].incoming("numbers").first(300)
                for sender in nodes.prefix(2) {
                    let numbers = arrived.filter { $0.sender == sender.localPeer }.map(\.number)
                    try expectEqual(numbers, Array(0..<150), "the numbers of \(sender.localPeer)")
                }
                _ = try await sent
            },
            NetworkLaw("channels are separate") { harness in
                let nodes = try await harness.make()
                let channels: [ChannelName] = ["a", "b", "A", "a/b"]
                for number in 0..<12 {
                    let message = Envelope.numbered(number, on: channels[number % 4])
                    try await nodes[0].send(message, to: nodes[1].localPeer)
                }
                for (index, channel) in channels.enumerated() {
                    let arrived = try await nodes[1].incoming(channel).first(3)
                    try expectEqual(
                        arrived.map(\.number),
                        [index, index + 4, index + 8],
                        "the numbers on '\(channel)'"
                    )
                    try expectEqual(Set(arrived.map(\.channel)), [channel], "the channels on '\(channel)'")
                }
            },
            NetworkLaw("a message reaches its receiver alone") { harness in
                let nodes = try await harness.make()
                try await nodes[0].send(.numbered(1), to: nodes[1].localPeer)
                try await nodes[0].send(.numbered(2), to: nodes[2].localPeer)
                try expectEqual(
                    try await nodes[2].incoming("numbers").first(1).map(\.number),
                    [2],
                    "the third's message"
                )
                try expectEqual(
                    try await nodes[1].incoming("numbers").first(1).map(\.number),
                    [1],
                    "the second's message"
                )
            },
            NetworkLaw("messages wait for their channel's first consumer while others are consumed") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let received = Collected<Int>()
                let consumer = Task {
                    for try await message in nodes[1].incoming("busy") { received.add(message.number) }
                }
                defer { consumer.cancel() }
                for number in 0..<3 { try await nodes[0].send(.numbered(number, on: "busy"), to: peer) }
                try await within(Patience.step, "waiting for 3 messages") {
                    while received.soFar.count < 3 { try await pause(.milliseconds(2)) }
                }
                try await pause()
                try await nodes[0].send(.numbered(1), to: peer)
                try await pause()
                let consumed = Task { try await nodes[1].incoming("numbers").first(1) }
                try await pause()
                try await nodes[0].send(.numbered(2), to: peer)
                try expectEqual(try await consumed.value.map(\.number), [1], "the first of the waiting numbers")
            },
            NetworkLaw("several consumers of a channel share its messages") { harness in
                let nodes = try await harness.make()
                let received = Collected<Int>()
                let consumers = (0..<3)
                    .map { _ in
                        Task { for try await message in nodes[1].incoming("numbers") { received.add(message.number) } }
                    }
                defer { for consumer in consumers { consumer.cancel() } }
                for number in 0..<60 { try await nodes[0].send(.numbered(number), to: nodes[1].localPeer) }
                try await within(Patience.step, "waiting for 60 messages") {
                    while received.soFar.count < 60 { try await pause(.milliseconds(2)) }
                }
                try await pause()
                try expectEqual(received.soFar.sorted(), Array(0..<60), "the numbers that the consumers got")
            },
            NetworkLaw("payloads of any size up to the limit arrive") { harness in
                let nodes = try await harness.make()
                let limit = harness.capabilities.limit(.envelopeBytes)
                var generator = SeededGenerator(seed: 201)
                let payloads = [0, 1, 1000, 65_536, min(1 << 20, limit)].map { generator.bytes($0) }
                async let sent: Void = { () async throws in
                    for payload in payloads {
                        try await nodes[0].send(Envelope(channel: "bytes", payload: payload), to: nodes[1].localPeer)
                    }
                }()
                let arrived = try await nodes[1].incoming("bytes").first(payloads.count)
                try await sent
                try expectEqual(arrived.map(\.payload.count), payloads.map(\.count), "the sizes")
                try expect(arrived.map(\.payload) == payloads, "a payload came changed")
            },
        ]
    }
}
