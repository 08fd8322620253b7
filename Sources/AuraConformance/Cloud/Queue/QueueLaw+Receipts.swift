internal import AuraEffects

extension Law where Handler == any MessageQueueEffects {
    static var receipts: [QueueLaw] {
        [
            QueueLaw(
                "a receipt whose time is over acknowledges nothing",
                .capability(.receive),
                .ability(.letTimePass)
            ) { harness in
                let queue = try await harness.make()
                try await queue.send(["a", "b"])
                let stale = try await queue.receive(1, visibility: .seconds(5))[0]
                try await harness.lettingTimePass(.seconds(6))
                try expectOver(try await queue.acknowledge([stale.receipt])[0], "before another delivery")
                let both = try await queue.receive(2, visibility: .seconds(30))
                let again = try require(both.first { $0.id == stale.id }, "the message that is delivered again")
                let other = try require(both.first { $0.id != stale.id }, "the other message")
                let results = try await queue.acknowledge([stale.receipt, other.receipt])
                try expectEqual(results.count, 2, "the results of two receipts")
                try expectOver(results[0], "after another delivery")
                try await expectSuccess("the acknowledgement beside it") { try results[1].get() }
                try await expectSuccess("the acknowledgement of the last delivery") {
                    try await queue.acknowledge(again)
                }
                try await harness.lettingTimePass(.seconds(31))
                try await queue.expectNothing("after both were acknowledged")
            },
            QueueLaw("an acknowledgement that is repeated succeeds", .capability(.receive)) { harness in
                let queue = try await harness.make()
                try await queue.send(["a"])
                let message = try await queue.receive(1)[0]
                for _ in 0..<3 {
                    try await expectSuccess("an acknowledgement") { try await queue.acknowledge(message) }
                }
            },
            QueueLaw(
                "an extension hides a message for longer, also past its first time",
                .capability(.receive),
                .ability(.letTimePass)
            ) { harness in
                let queue = try await harness.make()
                try await queue.send(["a"])
                let message = try await queue.receive(1, visibility: .seconds(10))[0]
                for _ in 0..<3 {
                    try await harness.lettingTimePass(.seconds(6))
                    try await expectSuccess("an extension in time") {
                        try await queue.extend(message.receipt, by: .seconds(10))
                    }
                    try await queue.expectNothing("after an extension")
                }
                try await expectSuccess("an acknowledgement past the first time") {
                    try await queue.acknowledge(message)
                }
                try await harness.lettingTimePass(.seconds(11))
                try await queue.expectNothing("after it was acknowledged")
            },
            QueueLaw(
                "an extension past a receipt's time is refused and hides nothing",
                .capability(.receive),
                .ability(.letTimePass)
            ) { harness in
                let queue = try await harness.make()
                try await queue.send(["a"])
                let stale = try await queue.receive(1, visibility: .seconds(5))[0]
                try await harness.lettingTimePass(.seconds(6))
                try await expectFailure(.preconditionFailed, "an extension after its time") {
                    try await queue.extend(stale.receipt, by: .seconds(30))
                }
                let message = try await queue.receive(1, visibility: .seconds(5))[0]
                try await expectFailure(.preconditionFailed, "an extension by the receipt of an earlier delivery") {
                    try await queue.extend(stale.receipt, by: .seconds(30))
                }
                try await harness.lettingTimePass(.seconds(6))
                try expectEqual(try await queue.receive(1)[0].id, message.id, "the message after its time")
                let longest = harness.capabilities.limit(.visibilitySeconds)
                for duration in [.seconds(-1)] + (longest < .max ? [.seconds(longest) + .seconds(1)] : []) {
                    try await expectFailure(.invalidArgument, "an extension by \(duration)") {
                        try await queue.extend(message.receipt, by: duration)
                    }
                }
            },
            QueueLaw("an extension by nothing gives the message back at once", .capability(.receive)) { harness in
                let queue = try await harness.make()
                try await queue.send(["a"])
                let first = try await queue.receive(1)[0]
                try await queue.extend(first.receipt, by: .zero)
                let second = try await queue.receive(1)[0]
                try expectEqual(second.id, first.id, "the message that was given back")
                try expectOver(try await queue.acknowledge([first.receipt])[0], "after it was given back")
                try await queue.acknowledge(second)
            },
        ]
    }

    private static func expectOver(_ result: AcknowledgeResult, _ what: String, line: Int = #line) throws {
        guard case .failed(let error) = result else {
            return try expect(false, "a receipt whose time is over acknowledges \(what)", line: line)
        }
        try expectEqual(error.code, .preconditionFailed, "the failure \(what)", line: line)
        try expectEqual(error.outcome, .notApplied, "the outcome \(what)", line: line)
    }

    static var deadLetters: [QueueLaw] {
        [
            QueueLaw(
                "a message that was delivered too often is a dead letter, and stays one",
                .capability(.deadLetters),
                .limit(.deliveries, atMost: 10),
                .ability(.letTimePass)
            ) { harness in
                let queue = try await harness.make()
                let id = try await queue.send(QueueMessage([7], attributes: ["a": "b"]))
                for delivery in 1...harness.capabilities.limit(.deliveries) {
                    try await queue.expectNothing(from: .deadLetters, "among the dead letters before its time")
                    let message = try await queue.receive(1, visibility: .seconds(5))[0]
                    try expectEqual(message.deliveryCount, delivery, "how often the message was delivered")
                    try await harness.lettingTimePass(.seconds(6))
                }
                try await queue.send(["healthy"])
                try expectEqual(try await queue.receive(1)[0].text, "healthy", "what is received besides")
                for _ in 0..<2 {
                    let dead = try await queue.receive(1, from: .deadLetters, visibility: .seconds(5))[0]
                    try expectEqual(dead.body, [7], "the body of the dead letter")
                    try expectEqual(dead.attributes, ["a": "b"], "the attributes of the dead letter")
                    try expectEqual(dead.id, id, "the name of the dead letter")
                    try await queue.expectNothing(from: .deadLetters, "while the dead letter is hidden")
                    try await harness.lettingTimePass(.seconds(6))
                }
                let dead = try await queue.receive(1, from: .deadLetters, visibility: .seconds(5))[0]
                try await queue.acknowledge(dead)
                try await harness.lettingTimePass(.seconds(6))
                try await queue.expectNothing(from: .deadLetters, "after the dead letter was acknowledged")
            },
            QueueLaw("dead letters are refused", .capability(.receive), .lacks(.deadLetters)) { harness in
                let queue = try await harness.make()
                try await expectFailure(.unsupported, "receiving dead letters") {
                    try await queue.receive(.deadLetters, limit: 1, visibility: .seconds(1), wait: .zero)
                }
            },
        ]
    }

    static var delays: [QueueLaw] {
        [
            QueueLaw(
                "a message with a delay is delivered after it and not before",
                .capability(.receive),
                .capability(.delay),
                .ability(.letTimePass)
            ) { harness in
                let queue = try await harness.make()
                try await queue.send(QueueMessage(Array("late".utf8), delay: .seconds(10)))
                try await queue.send(["now"])
                try expectEqual(try await queue.receive(1)[0].text, "now", "the message without a delay")
                try await harness.lettingTimePass(.seconds(5))
                try await queue.expectNothing("before the delay is over")
                try await harness.lettingTimePass(.seconds(6))
                try expectEqual(try await queue.receive(1)[0].text, "late", "the message after its delay")
                let most = harness.capabilities.limit(.delaySeconds)
                for delay in [.seconds(-1)] + (most < .max ? [.seconds(most) + .seconds(1)] : []) {
                    try await expectFailure(.invalidArgument, "a delay of \(delay)") {
                        try await queue.send(QueueMessage([1], delay: delay))
                    }
                }
            },
            QueueLaw("a delay is refused", .lacks(.delay)) { harness in
                let queue = try await harness.make()
                try await expectFailure(.unsupported, "a delay") {
                    try await queue.send(QueueMessage([1], delay: .seconds(1)))
                }
            },
        ]
    }
}
