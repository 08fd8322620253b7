internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension TopicDefect {
    static var topics: [TopicDefect] {
        [
            TopicDefect(
                "subscriptions are listed backwards",
                breaks: "topics and subscriptions are created and ended, again without effect"
            ) { topics in
                topics.list = { base, topic throws(EffectError) in try await base.subscriptions(of: topic).reversed() }
            },
            TopicDefect("a topic is created by what is published", breaks: "what does not exist is not found") {
                topics in
                topics.publish = { base, messages, topic throws(EffectError) in
                    if !Task.isCancelled { try await base.createTopic(topic) }
                    return try await base.publish(messages, to: topic)
                }
            },
            TopicDefect(
                "a slash in a topic's name is a hyphen",
                breaks: "names of another form are refused, and a name that is taken is a conflict"
            ) { topics in
                topics.create = { base, topic throws(EffectError) in
                    try await base.createTopic(topic == "a/b" ? "a-b" : topic)
                }
            },
            TopicDefect(
                "messages are pushed where that is not declared",
                breaks: "a push is refused",
                declaring: .topics(without: .push)
            ) { _ in },
            TopicDefect(
                "an empty message is not pushed as it is",
                breaks:
                    "a subscription that is pushed has each message sent to its address, and nobody receives from it"
            ) { topics in
                let isPushed = Mutexed(false)
                topics.subscribe = { base, subscription throws(EffectError) in
                    try await base.subscribe(subscription)
                    if subscription.delivery != .pull { isPushed.withLock { $0 = true } }
                }
                topics.publish = { base, messages, topic throws(EffectError) in
                    var messages = messages
                    for index in messages.indices where messages[index].body.isEmpty && isPushed.current {
                        messages[index].body = [0]
                    }
                    return try await base.publish(messages, to: topic)
                }
            },
            TopicDefect(
                "the second message that is pushed is forgotten",
                breaks: "a message that its address refuses is pushed again",
                hangs: true
            ) { topics in
                let isPushed = Mutexed(false)
                topics.subscribe = { base, subscription throws(EffectError) in
                    try await base.subscribe(subscription)
                    if subscription.delivery != .pull { isPushed.withLock { $0 = true } }
                }
                topics.publish = { base, messages, topic throws(EffectError) in
                    guard messages.first?.body == Array("2".utf8), isPushed.current else {
                        return try await base.publish(messages, to: topic)
                    }
                    return [.sent(MessageID(rawValue: "forgotten"))]
                }
            },
            TopicDefect(
                "subscriptions are pulled where that is not declared",
                breaks: "a pull is refused",
                declaring: .topics(without: .receive)
            ) { _ in },
            TopicDefect(
                "filters are taken where they are not declared",
                breaks: "a filter is refused",
                declaring: .topics(without: .filters)
            ) { _ in },
        ]
    }

    static var publishing: [TopicDefect] {
        [
            TopicDefect(
                "an attribute without a value is lost",
                breaks: "every subscription gets each message as it was published"
            ) { topics in
                topics.publish = { base, messages, topic throws(EffectError) in
                    var messages = messages
                    for index in messages.indices where messages[index].attributes.count == 2 {
                        messages[index].attributes = messages[index].attributes.filter { !$0.value.isEmpty }
                    }
                    return try await base.publish(messages, to: topic)
                }
            },
            TopicDefect(
                "a new subscription gets the last message from before",
                breaks: "a subscription gets what is published after it was created"
            ) { topics in
                let last = Mutexed<TopicMessage?>(nil)
                topics.publish = { base, messages, topic throws(EffectError) in
                    let results = try await base.publish(messages, to: topic)
                    last.withLock { $0 = messages.last }
                    return results
                }
                topics.subscribe = { base, subscription throws(EffectError) in
                    let isNew = try? await !base.subscriptions(of: subscription.topic).contains(subscription)
                    try await base.subscribe(subscription)
                    guard isNew == true, let last = last.current, last.body == Array("early".utf8) else { return }
                    _ = try await base.publish([last], to: subscription.topic)
                }
            },
            TopicDefect(
                "the results of a batch are in another order",
                breaks: "of messages that are published together each has a result"
            ) { topics in
                topics.publish = { base, messages, topic throws(EffectError) in
                    try await base.publish(messages, to: topic).reversed()
                }
            },
            TopicDefect(
                "a hyphen is dropped with its attribute",
                breaks: "a message out of the limits is refused, and with it those beside it"
            ) { topics in
                topics.publish = { base, messages, topic throws(EffectError) in
                    var messages = messages
                    for index in messages.indices { messages[index].attributes["a-b"] = nil }
                    return try await base.publish(messages, to: topic)
                }
            },
            TopicDefect(
                "a filter passes what has one of its attributes",
                breaks: "a filter passes the messages that have each of its attributes with one of its values"
            ) { topics in
                topics.subscribe = { base, subscription throws(EffectError) in
                    var subscription = subscription
                    subscription.filter["size"] = nil
                    try await base.subscribe(subscription)
                }
            },
        ]
    }

    static var delivering: [TopicDefect] {
        [
            TopicDefect(
                "the end of one subscription's message is that of all",
                breaks: "what one subscription acknowledges stays in the others"
            ) { topics in
                topics.acknowledge = { base, receipts, name throws(EffectError) in
                    let results = try await base.acknowledge(receipts, of: name)
                    let others = try await base.subscriptions(of: "law-a").map(\.name).filter { $0 != name }
                    let waiting = try await waiting(in: others, base)
                    for (other, message) in waiting where message.body == Array("a".utf8) {
                        _ = try await base.acknowledge([message.receipt], of: other)
                    }
                    return results
                }
            },
            TopicDefect(
                "an acknowledgement after its time seems to succeed",
                breaks: "a message is hidden for its time, and delivered again until it is acknowledged"
            ) { topics in
                topics.acknowledge = { base, receipts, name throws(EffectError) in
                    try await base.acknowledge(receipts, of: name).map { _ in .acknowledged }
                }
            },
            TopicDefect(
                "a message of one publisher goes to one subscription",
                breaks: "every subscription gets every message of concurrent publishers"
            ) { topics in
                topics.receive = { base, name, limit, visibility, wait throws(EffectError) in
                    let messages = try await base.receive(from: name, limit: limit, visibility: visibility, wait: wait)
                    return messages.map { message in
                        var message = message
                        if name == "law-two", message.body == Array("2/7".utf8) { message.body = Array("2/6".utf8) }
                        return message
                    }
                }
            },
            TopicDefect(
                "later messages of a group that come together change places",
                breaks: "messages of a group are received in their order by each subscription"
            ) { topics in
                topics.receive = { base, name, limit, visibility, wait throws(EffectError) in
                    let messages = try await base.receive(from: name, limit: limit, visibility: visibility, wait: wait)
                    let isLate = name == "law-two" && messages.allSatisfy { $0.group != nil && $0.body.count == 2 }
                    return isLate ? messages.reversed() : messages
                }
            },
            TopicDefect(
                "groups are taken where they are not declared",
                breaks: "a group is refused",
                declaring: .topics(without: .fifo)
            ) { _ in },
            TopicDefect("nobody waits", breaks: "a receiver that waits is given the message that comes") { topics in
                topics.receive = { base, name, limit, visibility, wait throws(EffectError) in
                    try await base.receive(from: name, limit: limit, visibility: visibility, wait: .zero)
                }
            },
            TopicDefect(
                "a cancelled end of a subscription is carried out",
                breaks: "a call of a cancelled task is cancelled and changes nothing"
            ) { topics in
                topics.unsubscribe = { base, name throws(EffectError) in
                    try await heedless { () throws(EffectError) in try await base.unsubscribe(name) }
                }
            },
        ]
    }

    /// What waits in subscriptions, each of which holds one message at most.
    private static func waiting(
        in names: [SubscriptionName],
        _ base: MemoryPubSubHandler
    ) async throws(EffectError) -> [(SubscriptionName, ReceivedMessage)] {
        var found: [(SubscriptionName, ReceivedMessage)] = []
        for name in names {
            let messages = try await base.receive(from: name, limit: 1, visibility: .seconds(30), wait: .zero)
            for message in messages {
                if message.body == Array("a".utf8) {
                    found.append((name, message))
                } else {
                    try await base.extend(message.receipt, of: name, by: .zero)
                }
            }
        }
        return found
    }
}
