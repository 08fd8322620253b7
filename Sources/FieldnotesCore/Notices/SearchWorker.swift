package import AuraEffects

/// Keeps the search index up to date by notices: it shares the journal with those who write.
///
/// A notice is acknowledged once the index holds what it announces. One that comes again changes nothing, and what is no notice is
/// given back, until the queue puts it aside as a dead letter.
package struct SearchWorker: Sendable {
    /// What became of the messages that were received.
    package struct Report: Hashable, Sendable {
        /// Notices of what the index did not hold yet, and holds now.
        package var indexed = 0
        /// Notices of what the index held before.
        package var repeated = 0
        /// Notices of what the journal does not have yet: they come again.
        package var early = 0
        /// What is no notice.
        package var refused = 0

        /// Whether nothing was received.
        package var isEmpty: Bool { self == Report() }
    }

    private let path: NoticePath
    private let notebook: Notebook

    package init(_ effects: EffectSystem, on channel: NoticeChannel) {
        path = NoticePath(effects: effects, channel: channel)
        notebook = Notebook(effects)
    }

    /// Makes the worker's subscription, where it has one; one that is there stays as it is.
    package func prepare() async throws(EffectError) {
        guard case .topic(let topic, let name) = path.channel else { return }
        try await path.effects.topics.createTopic(topic)
        try await path.effects.topics.subscribe(Subscription(name, to: topic))
    }

    /// Deals with the notices that wait.
    ///
    /// - Parameter wait: How long to wait where there is none.
    /// - Returns: What became of them.
    /// - Throws: What the journal, the storage and the channel throw; the notices then come again.
    package func step(wait: Duration = .zero) async throws(EffectError) -> Report {
        var report = Report()
        var due: [(message: ReceivedMessage, position: Position)] = []
        for message in try await path.receive(wait: wait) {
            if let notice = ChangeNotice(body: message.body) {
                due.append((message, notice.position))
            } else {
                report.refused += 1
                try await path.refuse(message)
            }
        }
        guard let last = due.map(\.position).max() else { return report }
        let before = try await notebook.indexed
        if before < last { try await notebook.catchUp() }
        let reached = try await notebook.indexed
        for (message, position) in due {
            if position > reached {
                report.early += 1
                try await path.putOff(message)
            } else {
                if position > before { report.indexed += 1 } else { report.repeated += 1 }
                try await path.acknowledge(message)
            }
        }
        return report
    }
}

extension Notebook {
    /// How far the projection, and with it the search index, has come in the journal.
    var indexed: Position {
        get async throws(EffectError) {
            let stored = try await effects.storage.read(ProjectionKey.checkpoint)
            return stored.flatMap { Checkpoint(encoded: $0.bytes)?.position } ?? .start
        }
    }
}
