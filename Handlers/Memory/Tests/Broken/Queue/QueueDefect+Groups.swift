internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension QueueDefect {
    static var groups: [QueueDefect] {
        [
            QueueDefect(
                "later messages of a group that come together change places",
                breaks: "messages of a group are received in their order, whoever receives them"
            ) { queue in
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    let messages = try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
                    let isLate = messages.allSatisfy { $0.group != nil && $0.body.count == 2 }
                    return isLate ? messages.reversed() : messages
                }
            },
            QueueDefect(
                "a message of a group that is given back goes behind the others",
                breaks: "a message of a group is held back until those before it were acknowledged"
            ) { queue in
                let received = queue.remembering()
                queue.extend = { base, receipt, visibility throws(EffectError) in
                    guard visibility == .zero, let message = received.current[receipt], message.group != nil else {
                        return try await base.extend(receipt, by: visibility)
                    }
                    try await base.acknowledge(message)
                    try await base.send(QueueMessage(message.body, group: message.group))
                }
            },
            QueueDefect(
                "a message of a group that nobody acknowledges goes behind the others",
                breaks: "a message of a group that is not acknowledged comes again before those behind it"
            ) { queue in
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    let messages = try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
                    for message in messages where message.group != nil && visibility == .seconds(5) {
                        guard message.body == Array("1".utf8) else { continue }
                        try await base.acknowledge(message)
                        try await base.send(QueueMessage(message.body, group: message.group))
                    }
                    return messages
                }
            },
            QueueDefect(
                "a slash in a group's name is a hyphen",
                breaks: "a group's name that is none is refused, and a delay within a group"
            ) { queue in
                queue.send = { base, messages throws(EffectError) in
                    var messages = messages
                    for index in messages.indices where messages[index].group?.rawValue == "a/b" {
                        messages[index].group = MessageGroup(rawValue: "a-b")
                    }
                    return try await base.send(messages)
                }
            },
            QueueDefect(
                "groups are taken where they are not declared",
                breaks: "a group is refused",
                declaring: .queue(without: .fifo)
            ) { _ in },
            QueueDefect(
                "names are forgotten with an acknowledgement",
                breaks: "a message that is sent again under its name is taken once"
            ) { queue in
                let isForgotten = Mutexed(false)
                queue.acknowledge = { base, receipts throws(EffectError) in
                    isForgotten.withLock { $0 = true }
                    return try await base.acknowledge(receipts)
                }
                queue.send = { base, messages throws(EffectError) in
                    var messages = messages
                    for index in messages.indices where isForgotten.current && messages[index].deduplicationID == "a" {
                        messages[index].deduplicationID = nil
                    }
                    return try await base.send(messages)
                }
            },
            QueueDefect(
                "names are taken where they are not declared",
                breaks: "a message's name is refused",
                declaring: .queue(without: .deduplication)
            ) { _ in },
            QueueDefect(
                "a cancelled extension is carried out",
                breaks: "a call of a cancelled task is cancelled and changes nothing"
            ) { queue in
                queue.extend = { base, receipt, visibility throws(EffectError) in
                    try await heedless { () throws(EffectError) in try await base.extend(receipt, by: visibility) }
                }
            },
            QueueDefect(
                "a receiver that is cancelled while it waits takes a message away",
                breaks: "a receiver that is cancelled while it waits takes no message away"
            ) { queue in
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    guard wait == .seconds(20) else {
                        return try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
                    }
                    for turn in 0..<100_000 where turn < 200 || !Task.isCancelled {
                        let messages = try await heedless { () throws(EffectError) in
                            try await base.receive(source, limit: limit, visibility: visibility, wait: .zero)
                        }
                        if Task.isCancelled && !messages.isEmpty { break }
                        if !messages.isEmpty { return messages }
                        await Task.yield()
                    }
                    throw EffectError(.cancelled, "Cancelled.", effect: "queue", handler: "broken")
                }
            },
        ]
    }
}
