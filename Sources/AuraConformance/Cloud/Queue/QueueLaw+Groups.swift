internal import AuraEffects

extension Law where Handler == any MessageQueueEffects {
    static var groups: [QueueLaw] {
        [
            QueueLaw(
                "messages of a group are received in their order, whoever receives them",
                .capability(.receive),
                .capability(.fifo)
            ) { harness in
                let queue = try await harness.make()
                let groups = ["a", "b", "c"].map { MessageGroup(rawValue: $0) }
                let seen = Collected<ReceivedMessage>()
                async let senders: [Void] = concurrently(3) { task in
                    for number in 0..<15 { try await queue.send(["\(number)"], group: groups[task]) }
                }
                _ = try await concurrently(4) { _ in
                    for _ in 0..<20_000 {
                        if seen.soFar.count >= 45 { break }
                        let messages = try await queue.receive(limit: 2, visibility: .seconds(30))
                        for message in messages {
                            seen.add(message)
                            await Task.yield()
                        }
                        try await queue.acknowledgeAll(messages)
                        await Task.yield()
                    }
                }
                _ = try await senders
                for group in groups {
                    let texts = seen.soFar.filter { $0.group == group }.map(\.text)
                    try expectEqual(texts, (0..<15).map { "\($0)" }, "the messages of the group '\(group)'")
                }
            },
            QueueLaw(
                "a message of a group is held back until those before it were acknowledged",
                .capability(.receive),
                .capability(.fifo)
            ) { harness in
                let queue = try await harness.make()
                let group = MessageGroup(rawValue: "a")
                try await queue.send(["1", "2"], group: group)
                try await queue.send(["x"], group: MessageGroup(rawValue: "b"))
                let first = try await queue.receive(2)
                let texts = first.map(\.text)
                // A call may give two of a group together, in their order.
                try expect(texts == ["1", "2"] || texts == ["1", "x"], "\(texts) were received first")
                let rest = try await queue.receive(limit: 10, visibility: .seconds(30)).map(\.text)
                try expectEqual(rest, texts == ["1", "2"] ? ["x"] : [], "what is received beside them")
                let message = try require(first.first, "the first message")
                if texts == ["1", "2"] { try await queue.extend(first[1].receipt, by: .zero) }
                try await queue.expectNothing("while the first of its group is hidden")
                try await queue.extend(message.receipt, by: .zero)
                let again = try await queue.receive(1)[0]
                try expectEqual(again.text, "1", "the first message after it was given back")
                try await queue.expectNothing("while the first of its group is hidden again")
                try await queue.acknowledge(again)
                try expectEqual(try await queue.receive(1)[0].text, "2", "the second message")
            },
            QueueLaw(
                "a message of a group that is not acknowledged comes again before those behind it",
                .capability(.receive),
                .capability(.fifo),
                .ability(.letTimePass)
            ) { harness in
                let queue = try await harness.make()
                let group = MessageGroup(rawValue: "a")
                try await queue.send(["1", "2", "3"], group: group)
                _ = try await queue.receive(limit: 1, visibility: .seconds(5))
                try await harness.lettingTimePass(.seconds(6))
                var texts: [String] = []
                for _ in 0..<3 {
                    let message = try await queue.receive(1, visibility: .seconds(5))[0]
                    texts.append(message.text)
                    try await queue.acknowledge(message)
                }
                try expectEqual(texts, ["1", "2", "3"], "the messages after the first one's time")
            },
            QueueLaw("a group's name that is none is refused, and a delay within a group", .capability(.fifo)) {
                harness in
                let queue = try await harness.make()
                for name in ["", " ", "a b", "é", "a/b", String(repeating: "a", count: 129)] {
                    try await expectFailure(.invalidArgument, "the group '\(name)'") {
                        try await queue.send(QueueMessage([1], group: MessageGroup(rawValue: name)))
                    }
                }
                guard harness.capabilities.contains(.delay) else { return }
                try await expectFailure(.invalidArgument, "a delay within a group") {
                    try await queue.send(
                        QueueMessage([1], delay: .seconds(1), group: MessageGroup(rawValue: "a"))
                    )
                }
            },
            QueueLaw("a group is refused", .lacks(.fifo)) { harness in
                let queue = try await harness.make()
                try await expectFailure(.unsupported, "a group") {
                    try await queue.send(QueueMessage([1], group: MessageGroup(rawValue: "a")))
                }
            },
        ]
    }

    static var names: [QueueLaw] {
        [
            QueueLaw(
                "a message that is sent again under its name is taken once",
                .capability(.receive),
                .capability(.deduplication)
            ) { harness in
                let queue = try await harness.make()
                let messages = ["a", "b"].map { QueueMessage(Array($0.utf8), deduplicationID: $0) }
                _ = try await concurrently(8) { number in try await queue.send(messages[number % 2]) }
                let received = try await queue.receive(2)
                try expectEqual(Set(received.map(\.text)), ["a", "b"], "the messages received")
                try await queue.expectNothing("of those that were sent again")
                try await queue.acknowledgeAll(received)
                try await queue.send(messages[0])
                try await queue.expectNothing("sent again after it was acknowledged")
                for name in ["", "a b", "é", String(repeating: "a", count: 129)] {
                    try await expectFailure(.invalidArgument, "the name '\(name)'") {
                        try await queue.send(QueueMessage([1], deduplicationID: name))
                    }
                }
            },
            QueueLaw("a message's name is refused", .lacks(.deduplication)) { harness in
                let queue = try await harness.make()
                try await expectFailure(.unsupported, "a name") {
                    try await queue.send(QueueMessage([1], deduplicationID: "a"))
                }
            },
        ]
    }

    static var cancellation: [QueueLaw] {
        [
            QueueLaw("a call of a cancelled task is cancelled and changes nothing", .capability(.receive)) { harness in
                let queue = try await harness.make()
                try await queue.send(["a", "b"])
                let held = try await queue.receive(1)[0]
                try await expectCancelled("a sending") { try await queue.send(["c"]) }
                try await expectCancelled("a receiving") { try await queue.receive(limit: 1, visibility: .seconds(30)) }
                try await expectCancelled("an acknowledgement") { try await queue.acknowledge([held.receipt]).count }
                try await expectCancelled("an extension") { try await queue.extend(held.receipt, by: .zero) }
                let other = try await queue.receive(1)[0]
                try expect(other.id != held.id, "a message was given back by a cancelled call")
                try await queue.expectNothing("after cancelled calls")
                try await expectSuccess("an acknowledgement") { try await queue.acknowledge(held) }
            },
            QueueLaw("a receiver that is cancelled while it waits takes no message away", .capability(.receive)) {
                harness in
                let queue = try await harness.make()
                let wait = Duration.seconds(min(20, harness.capabilities.limit(.waitSeconds)))
                for round in 0..<5 {
                    let receivers = (0..<4)
                        .map { _ in
                            Task { try await queue.receive(.messages, limit: 1, visibility: .seconds(30), wait: wait) }
                        }
                    if round % 2 == 0 { try await pause(.milliseconds(2)) }
                    let sender = Task { try await queue.send(["\(round)"]) }
                    for receiver in receivers { receiver.cancel() }
                    try await sender.value
                    var messages: [ReceivedMessage] = []
                    for receiver in receivers {
                        let ending = try await within(Patience.step, "a cancelled receiver") { await receiver.result }
                        switch ending {
                        case .success(let received): messages += received
                        case .failure(let error):
                            try expectEqual((error as? EffectError)?.code, .cancelled, "how a receiver ended")
                        }
                    }
                    if messages.isEmpty { messages = try await queue.receive(1) }
                    try expectEqual(messages.map(\.text), ["\(round)"], "what was received in the end")
                    try await queue.acknowledgeAll(messages)
                }
            },
        ]
    }
}
