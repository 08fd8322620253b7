internal import AuraEffects

extension Law where Handler == any MessageQueueEffects {
    static var sending: [QueueLaw] {
        [
            QueueLaw("a message is received as it was sent, with its attributes", .capability(.receive)) { harness in
                let queue = try await harness.make()
                try expectEqual(queue.capabilities, harness.capabilities, "what the handler declares")
                var generator = SeededGenerator(seed: 401)
                let attributes = ["a": "", "name": "value", "with_1": "é 日本語 👩 \"'<&>%+"]
                let most = min(60_000, harness.capabilities.limit(.messageBytes))
                for bytes in [[], [0], Array("<text/>".utf8), Array(0...255), generator.bytes(most - 100)] {
                    let id = try await queue.send(QueueMessage(bytes, attributes: attributes))
                    let message = try await queue.receive(1)[0]
                    try expectEqual(message.body, bytes, "the body of a message")
                    try expectEqual(message.attributes, attributes, "the attributes of a message")
                    try expectEqual(message.id, id, "the name of a message")
                    try expectEqual(message.group, nil, "the group of a message")
                    try expectEqual(message.deliveryCount, 1, "how often the message was delivered")
                    try await queue.acknowledge(message)
                }
                try await queue.expectNothing("after all were acknowledged")
            },
            QueueLaw("of messages that are sent together each has a result", .capability(.receive)) { harness in
                let queue = try await harness.make()
                let count = min(10, harness.capabilities.limit(.batchMessages))
                let results = try await queue.send((0..<count).map { QueueMessage([UInt8($0)]) })
                try expectEqual(results.count, count, "the results of \(count) messages")
                var sent: [MessageID: [UInt8]] = [:]
                for (number, result) in results.enumerated() { sent[try result.get()] = [UInt8(number)] }
                try expectEqual(sent.count, count, "the different names of the messages")
                for message in try await queue.receive(count) {
                    try expectEqual(message.body, sent[message.id], "the body of the message \(message.id)")
                }
                try expectEqual(try await queue.send([]).count, 0, "the results of no messages")
                try expectEqual(try await queue.acknowledge([]).count, 0, "the results of no receipts")
            },
            QueueLaw("a message out of the limits is refused, and with it those beside it", .capability(.receive)) {
                harness in
                let queue = try await harness.make()
                var refused: [(String, QueueMessage)] = ["", "A", "1a", "a-b", "é"]
                    .map { ("the attribute '\($0)'", QueueMessage([1], attributes: [$0: "value"])) }
                refused.append(("a control character", QueueMessage([1], attributes: ["a": "\n"])))
                let most = harness.capabilities.limit(.messageBytes)
                if most < 1 << 24 {
                    let largest = QueueMessage(Array(repeating: 7, count: most - 2), attributes: ["a": "b"])
                    try await queue.send(largest)
                    let received = try await queue.receive(1)[0]
                    try expectEqual(received.body.count, most - 2, "the size of the largest message")
                    try await queue.acknowledge(received)
                    let tooLarge = QueueMessage(Array(repeating: 7, count: most - 1), attributes: ["a": "b"])
                    refused.append(("\(most + 1) bytes", tooLarge))
                }
                let attributes = harness.capabilities.limit(.messageAttributes)
                if attributes < 1000 {
                    let many = Dictionary(uniqueKeysWithValues: (0...attributes).map { ("a\($0)", "") })
                    refused.append(("\(attributes + 1) attributes", QueueMessage([1], attributes: many)))
                }
                for (what, message) in refused {
                    try await expectFailure(.invalidArgument, "a message with \(what)") {
                        try await queue.send([QueueMessage([1]), message])
                    }
                }
                let batch = harness.capabilities.limit(.batchMessages)
                if batch < 1000 {
                    try await expectFailure(.invalidArgument, "\(batch + 1) messages at once") {
                        try await queue.send(Array(repeating: QueueMessage([1]), count: batch + 1))
                    }
                }
                try await queue.expectNothing("after refused calls")
            },
            QueueLaw("an error prints no message and says where it comes from") { harness in
                let queue = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                let error = try await expectFailure(.invalidArgument, "a message with a control character") {
                    try await queue.send([
                        QueueMessage(Array(marker.utf8), attributes: ["a": marker, "b": marker + "\n"])
                    ])
                }
                try expectDiscreet(error, effect: QueueEffect.name, hiding: marker)
                try expect(!error.isRetryable, "'\(error)' says that trying again may help")
            },
            QueueLaw("receiving is refused", .lacks(.receive)) { harness in
                let queue = try await harness.make()
                try await expectFailure(.unsupported, "a call that receives") {
                    try await queue.receive(limit: 1, visibility: .seconds(1))
                }
                try await expectFailure(.unsupported, "an acknowledgement") {
                    try await queue.acknowledge([MessageReceipt(rawValue: "a")])
                }
                try await expectFailure(.unsupported, "an extension") {
                    try await queue.extend(MessageReceipt(rawValue: "a"), by: .seconds(1))
                }
            },
        ]
    }

    static var receiving: [QueueLaw] {
        [
            QueueLaw("every message is received, and once it is acknowledged never again", .capability(.receive)) {
                harness in
                let queue = try await harness.make()
                let seen = Collected<String>()
                let total = 80
                async let senders: [Void] = concurrently(4) { task in
                    for number in 0..<20 { try await queue.send(["\(task)/\(number)"]) }
                }
                _ = try await concurrently(4) { _ in
                    for _ in 0..<20_000 {
                        if Set(seen.soFar).count == total { break }
                        let messages = try await queue.receive(limit: 3, visibility: .seconds(30))
                        for message in messages { seen.add(message.text) }
                        try await queue.acknowledgeAll(messages)
                        await Task.yield()
                    }
                }
                _ = try await senders
                let sent = (0..<4).flatMap { task in (0..<20).map { "\(task)/\($0)" } }
                try expectEqual(Set(seen.soFar), Set(sent), "the messages received")
                if harness.applies(.ability(.letTimePass)) { try await harness.lettingTimePass(.seconds(32)) }
                try await queue.expectNothing("after all were acknowledged")
            },
            QueueLaw(
                "no two receivers have one message at the same time",
                .capability(.receive),
                .capability(.exclusiveDelivery)
            ) { harness in
                let queue = try await harness.make()
                try await queue.send((0..<30).map { "\($0)" })
                let received = try await concurrently(8) { _ in
                    var messages: [ReceivedMessage] = []
                    for _ in 0..<6 {
                        messages += try await queue.receive(limit: 2, visibility: .seconds(30))
                        await Task.yield()
                    }
                    return messages
                }
                let texts = received.flatMap { $0 }.map(\.text)
                try expectEqual(texts.count, Set(texts).count, "the different messages of those received")
                try expectEqual(Set(texts).count, 30, "the messages received")
            },
            QueueLaw(
                "a message is hidden for its time, and then delivered again by another receipt",
                .capability(.receive),
                .ability(.letTimePass)
            ) { harness in
                let queue = try await harness.make()
                try await queue.send(["a"])
                let first = try await queue.receive(1, visibility: .seconds(10))[0]
                try await queue.expectNothing("while the only one is hidden")
                try await harness.lettingTimePass(.seconds(5))
                try await queue.expectNothing("in half the time")
                try await harness.lettingTimePass(.seconds(6))
                let second = try await queue.receive(1, visibility: .seconds(10))[0]
                try expectEqual(second.id, first.id, "the name of the message that is delivered again")
                try expectEqual(second.body, first.body, "the body of the message that is delivered again")
                try expect(second.receipt != first.receipt, "two deliveries have one receipt")
                try expectEqual(second.deliveryCount, 2, "how often the message was delivered")
                try await queue.acknowledge(second)
                try await harness.lettingTimePass(.seconds(11))
                try await queue.expectNothing("after the only one was acknowledged")
            },
            QueueLaw("a receiver that waits is given the message that comes", .capability(.receive)) { harness in
                let queue = try await harness.make()
                let wait = Duration.seconds(min(20, harness.capabilities.limit(.waitSeconds)))
                for round in 0..<3 {
                    let receiver = begun {
                        try await queue.receive(.messages, limit: 1, visibility: .seconds(30), wait: wait)
                    }
                    try await pause()
                    try await queue.send(["\(round)"])
                    let messages = try await within(Patience.step, "a receiver that waits") {
                        try await receiver.value
                    }
                    try expectEqual(messages.map(\.text), ["\(round)"], "what the receiver was given")
                    try await queue.acknowledgeAll(messages)
                }
            },
            QueueLaw("what is wrong about receiving is refused", .capability(.receive)) { harness in
                let queue = try await harness.make()
                try await queue.send(["a"])
                let visibility = harness.capabilities.limit(.visibilitySeconds)
                let wait = harness.capabilities.limit(.waitSeconds)
                var refused: [(Int, Duration, Duration)] = [
                    (0, .seconds(1), .zero), (-1, .seconds(1), .zero), (1, .zero, .zero), (1, .seconds(-1), .zero),
                    (1, .seconds(1), .seconds(-1)),
                ]
                if visibility < .max { refused.append((1, .seconds(visibility) + .seconds(1), .zero)) }
                if wait < .max { refused.append((1, .seconds(1), .seconds(wait) + .seconds(1))) }
                for (limit, visibility, wait) in refused {
                    try await expectFailure(.invalidArgument, "receiving \(limit) for \(visibility), waiting \(wait)") {
                        try await queue.receive(.messages, limit: limit, visibility: visibility, wait: wait)
                    }
                }
                let messages = try await queue.receive(limit: .max, visibility: .seconds(1))
                try expectEqual(messages.map(\.text), ["a"], "what is received by a limit without end")
            },
        ]
    }
}

extension ConformanceHarness {
    /// Whether a requirement is met, for a part of a law.
    func applies(_ requirement: LawRequirement) -> Bool { requirement.isMet(by: self) }
}
