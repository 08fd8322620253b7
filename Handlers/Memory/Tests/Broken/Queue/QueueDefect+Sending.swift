internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension QueueDefect {
    static var sending: [QueueDefect] {
        [
            QueueDefect(
                "an attribute without a value is lost",
                breaks: "a message is received as it was sent, with its attributes"
            ) { queue in
                queue.send = { base, messages throws(EffectError) in
                    var messages = messages
                    for index in messages.indices where messages[index].attributes.count == 3 {
                        messages[index].attributes = messages[index].attributes.filter { !$0.value.isEmpty }
                    }
                    return try await base.send(messages)
                }
            },
            QueueDefect(
                "the results of a batch are in another order",
                breaks: "of messages that are sent together each has a result"
            ) { queue in
                queue.send = { base, messages throws(EffectError) in try await base.send(messages).reversed() }
            },
            QueueDefect(
                "an attribute in capitals is dropped",
                breaks: "a message out of the limits is refused, and with it those beside it"
            ) { queue in
                queue.send = { base, messages throws(EffectError) in
                    var messages = messages
                    for index in messages.indices { messages[index].attributes["A"] = nil }
                    return try await base.send(messages)
                }
            },
            QueueDefect(
                "an error quotes the messages",
                breaks: "an error prints no message and says where it comes from"
            ) { queue in
                queue.send = { base, messages throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.send(messages)
                    } catch {
                        var error = error
                        error.message += " They are \(messages)."
                        throw error
                    }
                }
            },
            QueueDefect(
                "messages are given where that is not declared",
                breaks: "receiving is refused",
                declaring: .queue(without: .receive)
            ) { _ in },
            QueueDefect(
                "a message that was acknowledged comes again",
                breaks: "every message is received, and once it is acknowledged never again"
            ) { queue in
                let received = queue.remembering()
                queue.acknowledge = { base, receipts throws(EffectError) in
                    let results = try await base.acknowledge(receipts)
                    for receipt in receipts {
                        guard let body = received.current[receipt]?.body, body == Array("2/7".utf8) else { continue }
                        _ = try await base.send(QueueMessage(body))
                    }
                    return results
                }
            },
            QueueDefect(
                "of many receivers at once some have the last one's messages",
                breaks: "no two receivers have one message at the same time"
            ) { queue in
                let receivers = Gauge()
                let last = Mutexed<[ReceivedMessage]>([])
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    try await receivers.whileCounted { running throws(EffectError) in
                        if running > 5, !last.current.isEmpty { return last.current }
                        let messages = try await base.receive(
                            source,
                            limit: limit,
                            visibility: visibility,
                            wait: wait
                        )
                        last.withLock { $0 = messages }
                        return messages
                    }
                }
            },
            QueueDefect(
                "a second delivery counts as the third",
                breaks: "a message is hidden for its time, and then delivered again by another receipt"
            ) { queue in
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    var messages = try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
                    for index in messages.indices where messages[index].deliveryCount == 2 {
                        messages[index].deliveryCount += visibility == .seconds(10) ? 1 : 0
                    }
                    return messages
                }
            },
            QueueDefect("nobody waits", breaks: "a receiver that waits is given the message that comes") { queue in
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    let wait = wait == .seconds(20) ? .zero : wait
                    return try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
                }
            },
            QueueDefect("no message is one", breaks: "what is wrong about receiving is refused") { queue in
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    try await base.receive(source, limit: limit == 0 ? 1 : limit, visibility: visibility, wait: wait)
                }
            },
        ]
    }
}
