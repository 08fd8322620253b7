internal import AuraEffects

extension Law where Handler == any PubSubEffects {
    static var delivering: [TopicLaw] {
        [
            TopicLaw("what one subscription acknowledges stays in the others", .capability(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one", "law-two")
                try await handler.publish(["a"], to: "law-a")
                let message = try await handler.receive(1, from: "law-one")[0]
                try await handler.acknowledge(message, of: "law-one")
                try await handler.expectNothing(from: "law-one", "after it was acknowledged")
                let other = try await handler.receive(1, from: "law-two")[0]
                try expectEqual(other.text, "a", "the message of the other subscription")
                try await handler.extend(other.receipt, of: "law-two", by: .zero)
                try expectEqual(try await handler.receive(1, from: "law-two")[0].id, other.id, "what was given back")
            },
            TopicLaw(
                "a message is hidden for its time, and delivered again until it is acknowledged",
                .capability(.receive),
                .ability(.letTimePass)
            ) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                try await handler.publish(["a"], to: "law-a")
                let first = try await handler.receive(1, from: "law-one", visibility: .seconds(10))[0]
                try await harness.lettingTimePass(.seconds(6))
                try await handler.expectNothing(from: "law-one", "while the only one is hidden")
                try await handler.extend(first.receipt, of: "law-one", by: .seconds(10))
                try await harness.lettingTimePass(.seconds(6))
                try await handler.expectNothing(from: "law-one", "after an extension")
                try await harness.lettingTimePass(.seconds(6))
                try await expectFailure(.preconditionFailed, "an acknowledgement after its time") {
                    try await handler.acknowledge(first, of: "law-one")
                }
                try await expectFailure(.preconditionFailed, "an extension after its time") {
                    try await handler.extend(first.receipt, of: "law-one", by: .seconds(10))
                }
                let second = try await handler.receive(1, from: "law-one", visibility: .seconds(10))[0]
                try expectEqual(second.id, first.id, "the message that is delivered again")
                for _ in 0..<2 { try await handler.acknowledge(second, of: "law-one") }
                try await harness.lettingTimePass(.seconds(11))
                try await handler.expectNothing(from: "law-one", "after it was acknowledged")
            },
            TopicLaw("every subscription gets every message of concurrent publishers", .capability(.receive)) {
                harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one", "law-two")
                let seen = [Collected<String>(), Collected<String>()]
                async let publishers: [Void] = concurrently(4) { task in
                    for number in 0..<10 { try await handler.publish(["\(task)/\(number)"], to: "law-a") }
                }
                _ = try await concurrently(4) { task in
                    let (name, seen) = (["law-one", "law-two"][task % 2] as SubscriptionName, seen[task % 2])
                    for _ in 0..<20_000 {
                        if Set(seen.soFar).count == 40 { break }
                        let messages = try await handler.receive(
                            from: name,
                            limit: 3,
                            visibility: .seconds(30),
                            wait: .zero
                        )
                        for message in messages {
                            seen.add(message.text)
                            try await handler.acknowledge(message, of: name)
                        }
                        await Task.yield()
                    }
                }
                _ = try await publishers
                let published = Set((0..<4).flatMap { task in (0..<10).map { "\(task)/\($0)" } })
                for texts in seen { try expectEqual(Set(texts.soFar), published, "the messages of a subscription") }
            },
            TopicLaw(
                "messages of a group are received in their order by each subscription",
                .capability(.receive),
                .capability(.fifo)
            ) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one", "law-two")
                let group = MessageGroup(rawValue: "g")
                let texts = (0..<12).map { "\($0)" }
                try await handler.publish(texts, to: "law-a", group: group)
                for name in ["law-one", "law-two"] as [SubscriptionName] {
                    var received: [String] = []
                    for _ in 0..<30 where received.count < texts.count {
                        let messages = try await handler.receive(
                            from: name,
                            limit: 5,
                            visibility: .seconds(30),
                            wait: .zero
                        )
                        received += messages.map(\.text)
                        try expect(messages.allSatisfy { $0.group == group }, "a message has lost its group")
                        for message in messages { try await handler.acknowledge(message, of: name) }
                    }
                    try expectEqual(received, texts, "the messages of the group in '\(name)'")
                }
            },
            TopicLaw("a group is refused", .lacks(.fifo)) { harness in
                let handler = try await harness.make()
                try await handler.createTopic("law-a")
                try await expectFailure(.unsupported, "a group") {
                    try await handler.publish(["a"], to: "law-a", group: MessageGroup(rawValue: "g"))
                }
            },
            TopicLaw("a receiver that waits is given the message that comes", .capability(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                let wait = Duration.seconds(min(20, harness.capabilities.limit(.waitSeconds)))
                let receiver = begun {
                    try await handler.receive(from: "law-one", limit: 1, visibility: .seconds(30), wait: wait)
                }
                try await pause()
                try await handler.publish(["a"], to: "law-a")
                let messages = try await within(Patience.step, "a receiver that waits") { try await receiver.value }
                try expectEqual(messages.map(\.text), ["a"], "what the receiver was given")
            },
        ]
    }

    static var cancellation: [TopicLaw] {
        [
            TopicLaw("a call of a cancelled task is cancelled and changes nothing", .capability(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                try await handler.publish(["a"], to: "law-a")
                let held = try await handler.receive(1, from: "law-one")[0]
                try await expectCancelled("a creation") { try await handler.createTopic("law-b") }
                try await expectCancelled("a removal") { try await handler.removeTopic("law-a") }
                try await expectCancelled("a subscription") {
                    try await handler.subscribe(Subscription("law-two", to: "law-a"))
                }
                try await expectCancelled("the end of a subscription") { try await handler.unsubscribe("law-one") }
                try await expectCancelled("a publication") { try await handler.publish(["b"], to: "law-a") }
                try await expectCancelled("receiving") { try await handler.receive(1, from: "law-one") }
                try await expectCancelled("an extension") {
                    try await handler.extend(held.receipt, of: "law-one", by: .zero)
                }
                let names = try await handler.subscriptions(of: "law-a").map(\.name)
                try expectEqual(names, ["law-one"], "the subscriptions after cancelled calls")
                try await handler.expectNothing(from: "law-one", "after cancelled calls")
                try await expectFailure(.notFound, "the subscriptions of a topic that was not created") {
                    try await handler.subscriptions(of: "law-b")
                }
            }
        ]
    }
}
