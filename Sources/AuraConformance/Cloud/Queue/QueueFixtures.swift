internal import AuraEffects

extension MessageQueueEffects {
    /// Sends messages of a text each, one call after the other.
    func send(_ texts: [String], group: MessageGroup? = nil) async throws {
        for text in texts { try await send(QueueMessage(Array(text.utf8), group: group)) }
    }

    /// Receives until so many messages have come; a service may give fewer than wait.
    func receive(
        _ count: Int,
        from source: QueueSource = .messages,
        visibility: Duration = .seconds(30)
    ) async throws -> [ReceivedMessage] {
        var messages: [ReceivedMessage] = []
        for _ in 0..<(count + 5) where messages.count < count {
            messages += try await receive(source, limit: count - messages.count, visibility: visibility, wait: .zero)
        }
        try expectEqual(messages.count, count, "the messages received of \(count) that wait")
        return messages
    }

    /// Fails unless nothing can be received now.
    func expectNothing(
        from source: QueueSource = .messages,
        _ what: String,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        for _ in 0..<2 {
            let messages = try await receive(source, limit: 10, visibility: .seconds(30), wait: .zero)
            try expectEqual(messages.map(\.text), [], "the messages \(what)", fileID: fileID, line: line)
        }
    }

    /// Says that messages were dealt with.
    func acknowledgeAll(_ messages: [ReceivedMessage]) async throws {
        for message in messages { try await acknowledge(message) }
    }
}

extension ReceivedMessage {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}
