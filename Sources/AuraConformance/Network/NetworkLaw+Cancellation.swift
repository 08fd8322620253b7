internal import AuraEffects

extension Law where Handler == [any NetworkEffects] {
    static var cancellation: [NetworkLaw] {
        [
            NetworkLaw("a call of a cancelled task is cancelled and sends nothing") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                try await expectCancelled("a send") { try await nodes[0].send(.numbered(1), to: peer) }
                try await expectCancelled("a request") {
                    try await nodes[0].request(.numbered(2), to: peer, timeout: .seconds(25))
                }
                try await expectCancelled("the peers") { try await nodes[0].peers() }
                try await nodes[0].send(.numbered(3), to: peer)
                try expectEqual(try await nodes[1].incoming("numbers").first(1).map(\.number), [3], "what arrived")
            },
            NetworkLaw("a waiting consumer that is cancelled ends with cancelled and takes no message with it") {
                harness in
                let nodes = try await harness.make()
                let consumer = begun { for try await _ in nodes[1].incoming("numbers") {} }
                let observer = begun { for try await _ in nodes[1].events() {} }
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
            NetworkLaw("a consumer of a cancelled task loses no message") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                for number in 0..<2 { try await nodes[0].send(.numbered(number), to: peer) }
                let cancelled = Task {
                    while !Task.isCancelled { await Task.yield() }
                    var iterator = nodes[1].incoming("numbers").makeAsyncIterator()
                    return try await iterator.next()?.number
                }
                cancelled.cancel()
                let ending = try await within(Patience.step, "a cancelled consumer") { await cancelled.result }
                var arrived: [Int] = []
                switch ending {
                case .success(let number): arrived.append(try require(number, "the message"))
                case .failure(let error):
                    try expectEqual((error as? EffectError)?.code, .cancelled, "the failure of a cancelled consumer")
                }
                try await nodes[0].send(.numbered(2), to: peer)
                arrived += try await nodes[1].numbers(upTo: 2)
                try expectEqual(arrived, [0, 1, 2], "the numbers that arrived")
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
}
