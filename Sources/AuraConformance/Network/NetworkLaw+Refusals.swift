internal import AuraEffects

extension Law where Handler == [any NetworkEffects] {
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
                    try await nodes[0].request(larger, to: peer, timeout: .seconds(25))
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
                    try await expectFailure(.deadlineExceeded, "a request without a reply", outcome: nil) {
                        try await nodes[0].request(message, to: nodes[1].localPeer, timeout: .milliseconds(20))
                    },
                ]
                for error in errors { try expectDiscreet(error, effect: NetworkEffect.name, hiding: marker) }
            },
        ]
    }
}
