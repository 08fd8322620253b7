internal import AuraEffects

extension Law where Handler == any PubSubEffects {
    static var topics: [TopicLaw] {
        [
            TopicLaw("topics and subscriptions are created and ended, again without effect", .capability(.receive)) {
                harness in
                let handler = try await harness.make()
                try expectEqual(handler.capabilities, harness.capabilities, "what the handler declares")
                for _ in 0..<2 { try await handler.create("law-a", "law-one", "law-two") }
                try await handler.create("law-b", "law-three")
                let names = try await handler.subscriptions(of: "law-a").map(\.name)
                try expectEqual(names, ["law-one", "law-two"], "the subscriptions in the order of their names")
                for _ in 0..<2 { try await handler.unsubscribe("law-one") }
                let left = try await handler.subscriptions(of: "law-a")
                try expectEqual(left, [Subscription("law-two", to: "law-a")], "the subscriptions after one has ended")
                for _ in 0..<2 { try await handler.removeTopic("law-a") }
                let others = try await handler.subscriptions(of: "law-b").map(\.name)
                try expectEqual(others, ["law-three"], "the subscriptions of another topic")
            },
            TopicLaw("what does not exist is not found", .capability(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                try await handler.removeTopic("law-a")
                let calls: [(String, () async throws -> Void)] = [
                    ("a publication", { try await handler.publish(["a"], to: "law-a") }),
                    ("a subscription", { try await handler.subscribe(Subscription("law-two", to: "law-a")) }),
                    ("the list of subscriptions", { _ = try await handler.subscriptions(of: "law-a") }),
                    ("receiving", { _ = try await handler.receive(1, from: "law-one") }),
                    ("receiving from what never was", { _ = try await handler.receive(1, from: "law-never") }),
                ]
                for (what, call) in calls { try await expectFailure(.notFound, what) { try await call() } }
                try await handler.create("law-a", "law-one")
                try await handler.expectNothing(from: "law-one", "of a topic that was created again")
            },
            TopicLaw("names of another form are refused, and a name that is taken is a conflict", .capability(.receive))
            {
                harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                try await handler.createTopic("law-b")
                for name in ["", "1", "-a", "a b", "a/b", "é", String(repeating: "a", count: 81)] {
                    try await expectFailure(.invalidArgument, "the topic '\(name)'") {
                        try await handler.createTopic(TopicName(rawValue: name))
                    }
                    try await expectFailure(.invalidArgument, "the subscription '\(name)'") {
                        try await handler.subscribe(Subscription(SubscriptionName(rawValue: name), to: "law-a"))
                    }
                }
                try await expectFailure(.conflict, "a subscription of a name that is taken") {
                    try await handler.subscribe(Subscription("law-one", to: "law-b"))
                }
                try expectEqual(try await handler.subscriptions(of: "law-b"), [], "the subscriptions after a conflict")
            },
            TopicLaw("a push is refused", .lacks(.push)) { harness in
                let handler = try await harness.make()
                try await handler.createTopic("law-a")
                try await expectFailure(.unsupported, "a subscription that is pushed") {
                    let delivery = Subscription.Delivery.push(to: "https://example.com/law")
                    try await handler.subscribe(Subscription("law-one", to: "law-a", delivery: delivery))
                }
                try expectEqual(try await handler.subscriptions(of: "law-a"), [], "the subscriptions")
            },
            TopicLaw("a pull is refused", .lacks(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.createTopic("law-a")
                try await expectFailure(.unsupported, "a subscription that is pulled") {
                    try await handler.subscribe(Subscription("law-one", to: "law-a"))
                }
            },
            TopicLaw("a filter is refused", .capability(.receive), .lacks(.filters)) { harness in
                let handler = try await harness.make()
                try await handler.createTopic("law-a")
                try await expectFailure(.unsupported, "a subscription with a filter") {
                    try await handler.subscribe(Subscription("law-one", to: "law-a", filter: ["a": ["b"]]))
                }
            },
        ]
    }

    static var publishing: [TopicLaw] {
        [
            TopicLaw("every subscription gets each message as it was published", .capability(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one", "law-two")
                try await handler.create("law-b", "law-other")
                let attributes = ["a": "", "with_1": "é 日本語 👩 \"'<&>%+"]
                let most = min(60_000, harness.capabilities.limit(.messageBytes))
                var generator = SeededGenerator(seed: 501)
                for bytes in [[], Array(0...255), generator.bytes(most - 100)] {
                    let id = try await handler.publish(TopicMessage(bytes, attributes: attributes), to: "law-a")
                    for name in ["law-one", "law-two"] as [SubscriptionName] {
                        let message = try await handler.receive(1, from: name)[0]
                        try expectEqual(message.body, bytes, "the body in '\(name)'")
                        try expectEqual(message.attributes, attributes, "the attributes in '\(name)'")
                        try expectEqual(message.id, id, "the name of the message in '\(name)'")
                        try await handler.acknowledge(message, of: name)
                    }
                }
                try await handler.expectNothing(from: "law-one", "after all were acknowledged")
                try await handler.expectNothing(from: "law-other", "of another topic")
            },
            TopicLaw("a subscription gets what is published after it was created", .capability(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                try await handler.publish(["early"], to: "law-a")
                try await handler.subscribe(Subscription("law-two", to: "law-a"))
                try await handler.publish(["late"], to: "law-a")
                try expectEqual(try await handler.receive(1, from: "law-two").map(\.text), ["late"], "the message")
                let both = try await handler.receive(2, from: "law-one").map(\.text)
                try expectEqual(Set(both), ["early", "late"], "the messages of the first subscription")
                try await handler.subscribe(Subscription("law-two", to: "law-a"))
                try await handler.unsubscribe("law-one")
                try await handler.subscribe(Subscription("law-one", to: "law-a"))
                try await handler.expectNothing(from: "law-one", "that was ended and created again")
            },
            TopicLaw("of messages that are published together each has a result", .capability(.receive)) { harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                let count = min(10, harness.capabilities.limit(.batchMessages))
                let results = try await handler.publish((0..<count).map { TopicMessage([UInt8($0)]) }, to: "law-a")
                var published: [MessageID: [UInt8]] = [:]
                for (number, result) in results.enumerated() { published[try result.get()] = [UInt8(number)] }
                try expectEqual(published.count, count, "the different names of the messages")
                for message in try await handler.receive(count, from: "law-one") {
                    try expectEqual(message.body, published[message.id], "the body of the message \(message.id)")
                }
            },
            TopicLaw("a message out of the limits is refused, and with it those beside it", .capability(.receive)) {
                harness in
                let handler = try await harness.make()
                try await handler.create("law-a", "law-one")
                let marker = "the-payload-that-no-error-prints"
                var refused = [
                    TopicMessage(Array(marker.utf8), attributes: ["a-b": "1"]),
                    TopicMessage([1], attributes: ["a": "\(marker)\n"]),
                ]
                let most = harness.capabilities.limit(.messageBytes)
                if most < 1 << 24 { refused.append(TopicMessage(Array(repeating: 7, count: most + 1))) }
                for message in refused {
                    let error = try await expectFailure(.invalidArgument, "a message out of the limits") {
                        try await handler.publish([TopicMessage([1]), message], to: "law-a")
                    }
                    try expectDiscreet(error, effect: TopicsEffect.name, hiding: marker)
                }
                try await handler.expectNothing(from: "law-one", "after refused publications")
            },
            TopicLaw(
                "a filter passes the messages that have each of its attributes with one of its values",
                .capability(.receive),
                .capability(.filters)
            ) { harness in
                let handler = try await harness.make()
                try await handler.createTopic("law-a")
                let filter = ["kind": ["a", "b"], "size": ["large"]]
                try await handler.subscribe(Subscription("law-one", to: "law-a", filter: filter))
                try await handler.subscribe(Subscription("law-all", to: "law-a"))
                let published: [(String, [String: String])] = [
                    ("1", ["kind": "a", "size": "large"]), ("2", ["kind": "b", "size": "large", "other": "x"]),
                    ("3", ["kind": "c", "size": "large"]), ("4", ["kind": "a"]), ("5", [:]),
                    ("6", ["kind": "A", "size": "large"]), ("7", ["kind": "a", "size": "larger"]),
                ]
                for (text, attributes) in published {
                    try await handler.publish(TopicMessage(Array(text.utf8), attributes: attributes), to: "law-a")
                }
                let passed = try await handler.receive(2, from: "law-one").map(\.text)
                try expectEqual(Set(passed), ["1", "2"], "the messages that pass the filter")
                try await handler.expectNothing(from: "law-one", "that do not pass the filter")
                let all = try await handler.receive(7, from: "law-all").map(\.text)
                try expectEqual(Set(all), Set(published.map(\.0)), "the messages without a filter")
            },
        ]
    }
}
