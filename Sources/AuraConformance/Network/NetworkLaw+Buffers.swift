internal import AuraEffects

/// So much is sent that no bounded buffer takes it: 64 MiB in messages of 16 KiB.
private let flood = 4096
private let padding = 16 * 1024

extension Law where Handler == [any NetworkEffects] {
    static var buffers: [NetworkLaw] {
        [
            NetworkLaw("a sender waits while its receiver's buffer is full, and nothing is lost") { harness in
                let nodes = try await harness.make()
                let sent = Collected<Int>()
                let sender = Task {
                    for number in 0..<flood {
                        try await nodes[0].send(.numbered(number, padding: padding), to: nodes[1].localPeer)
                        sent.add(number)
                    }
                }
                defer { sender.cancel() }
                try await untilStill(sent)
                let buffered = sent.soFar.count
                try expect(buffered < flood, "\(flood) messages were taken without a consumer")
                let count = buffered + 200
                let arrived = try await nodes[1].incoming("numbers").first(min(count, flood))
                let expected = Array(0..<arrived.count)
                try expectEqual(arrived.map(\.number), expected, "the numbers in the order of their arrival")
            },
            NetworkLaw("a cancelled sender that waits for room is cancelled, and the order holds") { harness in
                let nodes = try await harness.make()
                let sent = Collected<Int>()
                let sender = Task {
                    for number in 0..<flood {
                        try await nodes[0].send(.numbered(number, padding: padding), to: nodes[1].localPeer)
                        sent.add(number)
                    }
                }
                try await untilStill(sent)
                sender.cancel()
                try await within(Patience.step, "a cancelled sender") {
                    _ = try await expectFailure(.cancelled, "a cancelled sender", outcome: nil) {
                        try await sender.value
                    }
                }
                let taken = sent.soFar.count
                let last = Task { try await nodes[0].send(.numbered(flood), to: nodes[1].localPeer) }
                defer { last.cancel() }
                let arrived = try await nodes[1].incoming("numbers").first(taken + 1).map(\.number)
                try expectEqual(Array(arrived.prefix(taken)), Array(0..<taken), "the numbers that were taken")
                // The message whose sender was cancelled may have been taken or not.
                try expect([taken, flood].contains(arrived[taken]), "number \(arrived[taken]) came after \(taken)")
            },
            NetworkLaw("a full buffer of one receiver does not stop messages to another") { harness in
                let nodes = try await harness.make()
                let sent = Collected<Int>()
                let sender = Task {
                    for number in 0..<flood {
                        try await nodes[0].send(.numbered(number, padding: padding), to: nodes[1].localPeer)
                        sent.add(number)
                    }
                }
                defer { sender.cancel() }
                try await untilStill(sent)
                try await nodes[0].send(.numbered(7), to: nodes[2].localPeer)
                try expectEqual(
                    try await nodes[2].incoming("numbers").first(1).map(\.number),
                    [7],
                    "the other's message"
                )
            },
        ]
    }

    static var refusals: [NetworkLaw] {
        [
            NetworkLaw("a payload beyond the limit is refused", .limit(.envelopeBytes, atMost: 64 << 20)) { harness in
                let nodes = try await harness.make()
                let limit = harness.capabilities.limit(.envelopeBytes)
                let peer = nodes[1].localPeer
                let largest = Envelope(channel: "bytes", payload: Array(repeating: 7, count: limit))
                let larger = Envelope(channel: "bytes", payload: Array(repeating: 7, count: limit + 1))
                try await expectFailure(.invalidArgument, "a message beyond the limit") {
                    try await nodes[0].send(larger, to: peer)
                }
                try await expectFailure(.invalidArgument, "a request beyond the limit") {
                    try await nodes[0].request(larger, to: peer, timeout: .seconds(5))
                }
                let requester = Task { try await nodes[0].request(largest, to: peer, timeout: .seconds(25)) }
                let request = try require(await nodes[1].incoming("bytes").first(1).first, "the largest request")
                try expectEqual(request.payload.count, limit, "the size of the largest request")
                try await expectFailure(.invalidArgument, "a reply beyond the limit") {
                    try await nodes[1].reply(larger, to: request)
                }
                try await nodes[1].reply(largest, to: request)
                let reply = try await within(Patience.step, "the largest reply") { try await requester.value }
                try expectEqual(reply.payload.count, limit, "the size of the largest reply")
            },
            NetworkLaw("a peer that does not exist is unavailable") { harness in
                let nodes = try await harness.make()
                try await nodes[0].expectUnreachable(PeerID("nobody-has-this-name.invalid"))
            },
            NetworkLaw("an error prints no payload and says where it comes from") { harness in
                let nodes = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                var envelope = Envelope(channel: "notes", payload: Array(marker.utf8))
                envelope.headers = ["authorization": marker]
                let message = envelope
                let errors = [
                    try await expectFailure(.unavailable, "a message to nobody", outcome: nil) {
                        try await nodes[0].send(message, to: PeerID("nobody-has-this-name.invalid"))
                    },
                    try await expectFailure(.invalidArgument, "a reply to what is no request") {
                        try await nodes[0].reply(message, to: message)
                    },
                    try await expectFailure(.deadlineExceeded, "a request without a reply", outcome: .unknown) {
                        try await nodes[0].request(message, to: nodes[1].localPeer, timeout: .milliseconds(20))
                    },
                ]
                for error in errors { try expectDiscreet(error, effect: NetworkEffect.name, hiding: marker) }
            },
        ]
    }

    static var cancellation: [NetworkLaw] {
        [
            NetworkLaw("a call of a cancelled task is cancelled and sends nothing") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                try await expectCancelled("a send") { try await nodes[0].send(.numbered(1), to: peer) }
                try await expectCancelled("a request") {
                    try await nodes[0].request(.numbered(2), to: peer, timeout: .seconds(5))
                }
                try await expectCancelled("the peers") { try await nodes[0].peers() }
                try await nodes[0].send(.numbered(3), to: peer)
                try expectEqual(try await nodes[1].incoming("numbers").first(1).map(\.number), [3], "what arrived")
            },
            NetworkLaw("a waiting consumer that is cancelled ends with cancelled and takes no message with it") {
                harness in
                let nodes = try await harness.make()
                let consumer = Task { for try await _ in nodes[1].incoming("numbers") {} }
                let observer = Task { for try await _ in nodes[1].events() {} }
                try await pause()
                for waiting in [consumer, observer] {
                    waiting.cancel()
                    try await within(Patience.step, "a cancelled consumer") {
                        _ = try await expectFailure(.cancelled, "a cancelled consumer", outcome: nil) {
                            try await waiting.value
                        }
                    }
                }
                try await nodes[0].send(.numbered(1), to: nodes[1].localPeer)
                let arrived = try await nodes[1].incoming("numbers").first(1)
                try expectEqual(arrived.map(\.number), [1], "the message that came afterwards")
            },
            NetworkLaw("a waiting request that is cancelled ends with cancelled") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let requester = Task { try await nodes[0].request(.numbered(1), to: peer, timeout: .seconds(100)) }
                let request = try require(await nodes[1].incoming("numbers").first(1).first, "the request")
                requester.cancel()
                try await within(Patience.step, "a cancelled request") {
                    _ = try await expectFailure(.cancelled, "a cancelled request", outcome: .unknown) {
                        try await requester.value
                    }
                }
                _ = await outcome { try await nodes[1].reply(.numbered(2), to: request) }
                try await nodes[0].send(.numbered(3), to: peer)
                try expectEqual(try await nodes[1].incoming("numbers").first(1).map(\.number), [3], "a later message")
            },
        ]
    }

    /// Waits until nothing was added for a while.
    private static func untilStill(_ collected: Collected<Int>) async throws {
        try await within(Patience.step, "waiting for a sender to wait") {
            var count = -1
            while count != collected.soFar.count || count == 0 {
                count = collected.soFar.count
                try await pause(.milliseconds(200))
            }
        }
    }
}
