internal import AuraEffects

extension Law where Handler == [any NetworkEffects] {
    static var requests: [NetworkLaw] {
        [
            NetworkLaw("a request gets its reply") { harness in
                let nodes = try await harness.make()
                let server = Task {
                    let request = try require(await nodes[1].incoming("questions").first(1).first, "the request")
                    try expect(request.replyToken != nil, "the request has no reply token")
                    try expectEqual(request.sender, nodes[0].localPeer, "the request's sender")
                    let reply = Envelope(channel: "elsewhere", headers: ["a": "b"], payload: request.payload.reversed())
                    try await nodes[1].reply(reply, to: request)
                }
                let question = Envelope(channel: "questions", payload: [1, 2, 3])
                let reply = try await within(Patience.step, "a request") {
                    try await nodes[0].request(question, to: nodes[1].localPeer, timeout: .seconds(20))
                }
                try await server.value
                try expectEqual(reply.payload, [3, 2, 1], "the reply's payload")
                try expectEqual(reply.headers, ["a": "b"], "the reply's headers")
                try expectEqual(reply.sender, nodes[1].localPeer, "the reply's sender")
            },
            NetworkLaw("concurrent requests each get their own reply") { harness in
                let nodes = try await harness.make()
                let servers = [1, 2].map { server in Task { try await nodes[server].echo(on: "questions") } }
                defer { for server in servers { server.cancel() } }
                try await within(Patience.step, "forty requests") {
                    let replies = try await concurrently(40) { number in
                        let question = Envelope.numbered(number, on: "questions")
                        let peer = nodes[1 + number % 2].localPeer
                        return try await nodes[0].request(question, to: peer, timeout: .seconds(25)).number
                    }
                    try expectEqual(replies, Array(0..<40), "the replies")
                }
            },
            NetworkLaw("requests answered in another order get their own replies") { harness in
                let nodes = try await harness.make()
                let requesters = (0..<5)
                    .map { number in
                        Task {
                            let question = Envelope.numbered(number, on: "questions")
                            return try await nodes[0].request(question, to: nodes[1].localPeer, timeout: .seconds(25))
                                .number
                        }
                    }
                let requests = try await nodes[1].incoming("questions").first(5)
                try expectEqual(Set(requests.map(\.replyToken)).count, 5, "the different reply tokens")
                for request in requests.reversed() {
                    _ = await outcome { try await nodes[1].reply(.numbered(request.number + 100), to: request) }
                }
                for (number, requester) in requesters.enumerated() {
                    let reply = try await within(Patience.step, "request \(number)") { try await requester.value }
                    try expectEqual(reply, number + 100, "the reply to request \(number)")
                }
            },
            NetworkLaw("a request without a reply ends with deadlineExceeded, its outcome unknown") { harness in
                let nodes = try await harness.make()
                let question = Envelope.numbered(1, on: "questions")
                try await within(Patience.step, "a request that nobody answers") {
                    let timed = try await realTime {
                        try await expectFailure(.deadlineExceeded, "a request without a reply", outcome: .unknown) {
                            // Long enough for it to be sent, also on a busy machine.
                            try await nodes[0].request(question, to: nodes[1].localPeer, timeout: .milliseconds(500))
                        }
                    }
                    try expect(timed.elapsed >= .milliseconds(450), "it ended after \(timed.elapsed) of 500 ms")
                }
                // The connection serves on.
                let arrived = try await nodes[1].incoming("questions").first(1)
                try expectEqual(arrived.map(\.number), [1], "the request that was not answered")
                try await nodes[0].send(.numbered(2), to: nodes[1].localPeer)
                try expectEqual(try await nodes[1].incoming("numbers").first(1).map(\.number), [2], "a later message")
            },
            NetworkLaw("a late reply reaches no other request") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                try await expectFailure(.deadlineExceeded, "a request without a reply in time", outcome: nil) {
                    try await nodes[0].request(.numbered(1), to: peer, timeout: .milliseconds(500))
                }
                let second = Task { try await nodes[0].request(.numbered(2), to: peer, timeout: .seconds(25)).number }
                let requests = try await nodes[1].incoming("numbers").first(2)
                // Whether the replier learns that it is late depends on the network.
                let late = await outcome { try await nodes[1].reply(.numbered(101), to: requests[0]) }
                if case .failure(let error) = late {
                    try expectEqual((error as? EffectError)?.code, .invalidArgument, "the failure of a late reply")
                }
                _ = await outcome { try await nodes[1].reply(.numbered(102), to: requests[1]) }
                let reply = try await within(Patience.step, "the second request") { try await second.value }
                try expectEqual(reply, 102, "the reply to the second request")
            },
            NetworkLaw("a late reply arrives on no channel") { harness in
                let nodes = try await harness.make()
                try await expectFailure(.deadlineExceeded, "a request without a reply in time", outcome: nil) {
                    try await nodes[0].request(.numbered(1), to: nodes[1].localPeer, timeout: .milliseconds(500))
                }
                let request = try require(await nodes[1].incoming("numbers").first(1).first, "the request")
                _ = await outcome { try await nodes[1].reply(.numbered(2, on: "replies"), to: request) }
                try await nodes[1].send(.numbered(3, on: "replies"), to: nodes[0].localPeer)
                let arrived = try await nodes[0].incoming("replies").first(1)
                try expectEqual(arrived.map(\.number), [3], "the first message on the late reply's channel")
            },
            NetworkLaw("a reply to a cancelled request reaches no other request") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let cancelled = Task { try await nodes[0].request(.numbered(1), to: peer, timeout: .seconds(25)) }
                let first = try require(await nodes[1].incoming("numbers").first(1).first, "the first request")
                let other = Task { try await nodes[0].request(.numbered(2), to: peer, timeout: .seconds(25)).number }
                let second = try require(await nodes[1].incoming("numbers").first(1).first, "the other request")
                cancelled.cancel()
                _ = await cancelled.result
                _ = await outcome { try await nodes[1].reply(.numbered(101), to: first) }
                _ = await outcome { try await nodes[1].reply(.numbered(102), to: second) }
                let reply = try await within(Patience.step, "the other request") { try await other.value }
                try expectEqual(reply, 102, "the reply to the other request")
            },
            NetworkLaw("a request is answered once") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let requester = Task {
                    try await nodes[0].request(.numbered(1), to: peer, timeout: .seconds(25)).number
                }
                let request = try require(await nodes[1].incoming("numbers").first(1).first, "the request")
                try await nodes[1].reply(.numbered(2), to: request)
                try await expectFailure(.invalidArgument, "a second reply") {
                    try await nodes[1].reply(.numbered(3), to: request)
                }
                let reply = try await within(Patience.step, "the request") { try await requester.value }
                try expectEqual(reply, 2, "the reply")
                try await expectFailure(.invalidArgument, "a third reply") {
                    try await nodes[1].reply(.numbered(4), to: request)
                }
            },
            NetworkLaw("a reply to what is no request is refused") { harness in
                let nodes = try await harness.make()
                try await nodes[0].send(.numbered(1), to: nodes[1].localPeer)
                let message = try require(await nodes[1].incoming("numbers").first(1).first, "the message")
                try await expectFailure(.invalidArgument, "a reply to a message") {
                    try await nodes[1].reply(.numbered(2), to: message)
                }
                try await expectFailure(.invalidArgument, "a reply to an envelope that never arrived") {
                    try await nodes[1].reply(.numbered(2), to: .numbered(1))
                }
                var forged = message
                forged.replyToken = ReplyToken(rawValue: .max)
                try await expectFailure(.invalidArgument, "a reply with a token that was never issued") {
                    try await nodes[1].reply(.numbered(2), to: forged)
                }
            },
            NetworkLaw("a token serves only the node that it was issued by") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let requester = Task {
                    try await nodes[0].request(.numbered(1), to: peer, timeout: .seconds(25)).number
                }
                let request = try require(await nodes[1].incoming("numbers").first(1).first, "the request")
                try await expectFailure(.invalidArgument, "another node's reply") {
                    try await nodes[2].reply(.numbered(9), to: request)
                }
                try await nodes[1].reply(.numbered(2), to: request)
                let reply = try await within(Patience.step, "the request") { try await requester.value }
                try expectEqual(reply, 2, "the reply")
            },
        ]
    }
}
