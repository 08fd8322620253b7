internal import AuraEffects

extension Law where Handler == any PubSubEffects {
    static var pushing: [TopicLaw] {
        [
            TopicLaw(
                "a subscription that is pushed has each message sent to its address, and nobody receives from it",
                .capability(.push),
                .ability(.takePushes)
            ) { harness in
                let pushes = try require(harness as? any PushReceivingHarness, "a harness that takes pushes")
                let handler = try await harness.make()
                let address = try await pushes.makeAddress(refusing: 0)
                try await handler.createTopic("law-a")
                try await handler.subscribe(Subscription("law-one", to: "law-a", delivery: .push(to: address)))
                let messages = [
                    TopicMessage([]), TopicMessage(Array(0...255), attributes: ["a": "é 👩 \"'<&>%+"]),
                    TopicMessage([7], attributes: ["b": ""]),
                ]
                for message in messages { try await handler.publish(message, to: "law-a") }
                try await within(Patience.step, "the pushing of three messages") {
                    while Set(try await pushes.taken(at: address)).count < 3 { try await pause(.milliseconds(5)) }
                }
                try expectEqual(Set(try await pushes.taken(at: address)), Set(messages), "the messages pushed")
                guard harness.capabilities.contains(.receive) else { return }
                try await expectFailure(.invalidArgument, "receiving from what is pushed") {
                    try await handler.receive(1, from: "law-one")
                }
            },
            TopicLaw(
                "a message that its address refuses is pushed again",
                .capability(.push),
                .ability(.takePushes),
                .ability(.letTimePass)
            ) { harness in
                let pushes = try require(harness as? any PushReceivingHarness, "a harness that takes pushes")
                let handler = try await harness.make()
                let address = try await pushes.makeAddress(refusing: 2)
                try await handler.createTopic("law-a")
                try await handler.subscribe(Subscription("law-one", to: "law-a", delivery: .push(to: address)))
                for text in ["1", "2"] { try await handler.publish(TopicMessage(Array(text.utf8)), to: "law-a") }
                let expected: Set = [TopicMessage(Array("1".utf8)), TopicMessage(Array("2".utf8))]
                try await within(Patience.step, "the pushing of what was refused") {
                    while Set(try await pushes.taken(at: address)) != expected {
                        try await harness.lettingTimePass(.seconds(1))
                        try await pause(.milliseconds(5))
                    }
                }
            },
        ]
    }
}
