internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension QueueDefect {
    static var receipts: [QueueDefect] {
        [
            QueueDefect(
                "of two acknowledgements both succeed",
                breaks: "a receipt whose time is over acknowledges nothing"
            ) { queue in
                queue.acknowledge = { base, receipts throws(EffectError) in
                    let results = try await base.acknowledge(receipts)
                    return receipts.count == 2 ? results.map { _ in .acknowledged } : results
                }
            },
            QueueDefect(
                "an acknowledgement that is repeated fails",
                breaks: "an acknowledgement that is repeated succeeds"
            ) { queue in
                let known = Mutexed<Set<MessageReceipt>>([])
                queue.acknowledge = { base, receipts throws(EffectError) in
                    var results = try await base.acknowledge(receipts)
                    for (index, receipt) in receipts.enumerated() {
                        guard case .acknowledged = results[index] else { continue }
                        guard !known.withLock({ $0.insert(receipt).inserted }) else { continue }
                        let error = EffectError(.preconditionFailed, "Over.", effect: "queue", handler: "broken")
                        results[index] = .failed(error)
                    }
                    return results
                }
            },
            QueueDefect(
                "an extension is for five seconds at most",
                breaks: "an extension hides a message for longer, also past its first time"
            ) { queue in
                queue.extend = { base, receipt, visibility throws(EffectError) in
                    let visibility = visibility == .seconds(10) ? .seconds(5) : visibility
                    try await base.extend(receipt, by: visibility)
                }
            },
            QueueDefect(
                "an extension past the time seems to succeed",
                breaks: "an extension past a receipt's time is refused and hides nothing"
            ) { queue in
                queue.extend = { base, receipt, visibility throws(EffectError) in
                    do throws(EffectError) {
                        try await base.extend(receipt, by: visibility)
                    } catch {
                        guard error.code == .preconditionFailed else { throw error }
                    }
                }
            },
            QueueDefect(
                "who gave a message back acknowledges it yet",
                breaks: "an extension by nothing gives the message back at once"
            ) { queue in
                let givenBack = Mutexed<Set<MessageReceipt>>([])
                queue.extend = { base, receipt, visibility throws(EffectError) in
                    try await base.extend(receipt, by: visibility)
                    if visibility == .zero { givenBack.withLock { _ = $0.insert(receipt) } }
                }
                queue.acknowledge = { base, receipts throws(EffectError) in
                    let results = try await base.acknowledge(receipts)
                    return zip(receipts, results)
                        .map { receipt, result in
                            givenBack.current.contains(receipt) ? .acknowledged : result
                        }
                }
            },
            QueueDefect(
                "a dead letter has no attributes",
                breaks: "a message that was delivered too often is a dead letter, and stays one"
            ) { queue in
                queue.receive = { base, source, limit, visibility, wait throws(EffectError) in
                    var messages = try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
                    for index in messages.indices where source == .deadLetters { messages[index].attributes = [:] }
                    return messages
                }
            },
            QueueDefect(
                "dead letters are given where they are not declared",
                breaks: "dead letters are refused",
                declaring: .queue(without: .deadLetters)
            ) { _ in },
            QueueDefect(
                "a delay is for four seconds at most",
                breaks: "a message with a delay is delivered after it and not before"
            ) { queue in
                queue.send = { base, messages throws(EffectError) in
                    var messages = messages
                    for index in messages.indices where messages[index].delay == .seconds(10) {
                        messages[index].delay = .seconds(4)
                    }
                    return try await base.send(messages)
                }
            },
            QueueDefect(
                "a delay is taken where it is not declared",
                breaks: "a delay is refused",
                declaring: .queue(without: .delay)
            ) { _ in },
        ]
    }
}
