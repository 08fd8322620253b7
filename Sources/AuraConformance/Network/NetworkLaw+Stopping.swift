internal import AuraEffects

extension Law where Handler == [any NetworkEffects] {
    static var stopping: [NetworkLaw] {
        [
            NetworkLaw("a stopped node's sequences end, and the others learn of it", .ability(.stop)) { harness in
                let nodes = try await harness.make()
                let events = nodes.map { $0.events() }
                try await nodes[0].send(.numbered(7, on: "unread"), to: nodes[1].localPeer)
                let consumer = Task { for try await _ in nodes[1].incoming("numbers") {} }
                let observer = Task { for try await _ in events[1] {} }
                try await pause()
                try await harness.stopping(nodes[1])
                for (what, waiting) in [("a consumer", consumer), ("an observer", observer)] {
                    try await within(Patience.step, "\(what) of a stopped node") { try await waiting.value }
                }
                try await events[0].wait(for: .disconnected(nodes[1].localPeer))
                try await events[2].wait(for: .disconnected(nodes[1].localPeer))
                try await nodes[0].expectUnreachable(nodes[1].localPeer)
                try await within(Patience.step, "a sequence of a stopped node") {
                    var late = nodes[1].incoming("unread").makeAsyncIterator()
                    try expect(try await late.next() == nil, "a stopped node delivers a message")
                }
                try await nodes[0].send(.numbered(1), to: nodes[2].localPeer)
                try expectEqual(try await nodes[2].incoming("numbers").first(1).map(\.number), [1], "another's message")
            },
            NetworkLaw("a stopped node sends nothing", .ability(.stop)) { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                try await harness.stopping(nodes[0])
                try await within(Patience.step, "the calls of a stopped node") {
                    try await expectFailure(.unavailable, "a send of a stopped node") {
                        try await nodes[0].send(.numbered(1), to: peer)
                    }
                    try await expectFailure(.unavailable, "a request of a stopped node") {
                        try await nodes[0].request(.numbered(2), to: peer, timeout: .seconds(25))
                    }
                }
                try await nodes[2].send(.numbered(3), to: peer)
                try expectEqual(try await nodes[1].incoming("numbers").first(1).map(\.number), [3], "what arrived")
            },
            NetworkLaw("what waits at a node that is stopped ends as unavailable", .ability(.stop)) { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let requester = Task { try await nodes[0].request(.numbered(1), to: peer, timeout: .seconds(100)) }
                _ = try await nodes[1].incoming("numbers").first(1)
                let sender = try await floodUntilStill(nodes).sender
                try await harness.stopping(nodes[0])
                try await within(Patience.step, "what waits at a stopped node") {
                    try await expectFailure(.unavailable, "a request that waits for its reply", outcome: .unknown) {
                        try await requester.value
                    }
                    try await expectFailure(.unavailable, "a sender that waits for room", outcome: nil) {
                        try await sender.value
                    }
                }
            },
        ]
    }
}

extension ConformanceHarness<[any NetworkEffects]> {
    fileprivate func stopping(_ node: any NetworkEffects) async throws {
        try await require(self as? any StoppingHarness, "a harness that can stop").stop(node)
    }
}
