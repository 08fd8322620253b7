internal import AuraEffects

/// So much is sent that no bounded buffer takes it: 64 MiB in messages of 16 KiB.
private let flood = 4096
private let padding = 16 * 1024

extension Law where Handler == [any NetworkEffects] {
    static var buffers: [NetworkLaw] {
        [
            NetworkLaw("a sender waits while its receiver's buffer is full, and nothing is lost") { harness in
                let nodes = try await harness.make()
                let (sender, sent) = try await floodUntilStill(nodes)
                defer { sender.cancel() }
                let buffered = sent.soFar.count
                try expect(buffered < flood, "\(flood) messages were taken without a consumer")
                let count = buffered + 200
                let arrived = try await nodes[1].incoming("numbers").first(min(count, flood))
                let expected = Array(0..<arrived.count)
                try expectEqual(arrived.map(\.number), expected, "the numbers in the order of their arrival")
            },
            NetworkLaw("a cancelled sender that waits for room is cancelled, and the order holds") { harness in
                let nodes = try await harness.make()
                let (sender, sent) = try await floodUntilStill(nodes)
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
                let sender = try await floodUntilStill(nodes).sender
                defer { sender.cancel() }
                try await within(Patience.step, "a send to another peer") {
                    try await nodes[0].send(.numbered(7), to: nodes[2].localPeer)
                }
                try expectEqual(
                    try await nodes[2].incoming("numbers").first(1).map(\.number),
                    [7],
                    "the other's message"
                )
            },
            NetworkLaw("a request that waits for room ends in time, and does not arrive where it says so") {
                harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let (sender, sent) = try await floodUntilStill(nodes)
                let error = try await within(Patience.step, "a request that waits for room") {
                    try await expectFailure(.deadlineExceeded, "a request that waits for room", outcome: nil) {
                        try await nodes[0].request(.numbered(flood + 1), to: peer, timeout: .milliseconds(100))
                    }
                }
                sender.cancel()
                _ = await sender.result
                let last = Task { try await nodes[0].send(.numbered(flood), to: peer) }
                defer { last.cancel() }
                let numbers = try await nodes[1].numbers(upTo: flood)
                try expect(numbers.count >= sent.soFar.count, "a message that was taken is lost")
                guard error.outcome == .notApplied else { return }
                try expect(!numbers.contains(flood + 1), "a request that says it was not sent has arrived")
            },
            NetworkLaw("a request that is cancelled while it waits for room ends with cancelled") { harness in
                let nodes = try await harness.make()
                let peer = nodes[1].localPeer
                let sender = try await floodUntilStill(nodes).sender
                defer { sender.cancel() }
                let requester = begun { try await nodes[0].request(.numbered(flood), to: peer, timeout: .seconds(100)) }
                try await pause()
                requester.cancel()
                try await within(Patience.step, "a cancelled request") {
                    _ = try await expectFailure(.cancelled, "a cancelled request", outcome: nil) {
                        try await requester.value
                    }
                }
            },
        ]
    }

    /// Sends until the receiver's buffer is full and the sender waits.
    ///
    /// - Returns: The sender, and the numbers that were taken.
    static func floodUntilStill(
        _ nodes: [any NetworkEffects]
    ) async throws -> (sender: Task<Void, any Error>, sent: Collected<Int>) {
        let sent = Collected<Int>()
        let sender = Task {
            for number in 0..<flood {
                try await nodes[0].send(.numbered(number, padding: padding), to: nodes[1].localPeer)
                sent.add(number)
            }
        }
        try await within(Patience.step, "waiting for a sender to wait") {
            var count = -1
            while count != sent.soFar.count || count == 0 {
                count = sent.soFar.count
                try await pause(.milliseconds(200))
            }
        }
        return (sender, sent)
    }
}
