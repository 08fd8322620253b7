internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalInfoCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what a journal is, how much it holds, and whose entries.",
        discussion: """
            Examples:
              aura journal info sqlite:.aura/journal.db
              aura journal info profile:embedded --streams
              aura journal info profile:embedded --json
            """
    )

    @Argument(help: .journalLocation)
    var location: Location

    @Flag(help: "Read the whole journal and list its streams.")
    var streams = false

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let identity = try await journal.handler.maintenance?.identity()
        let frontier = try await journal.handler.frontier()
        let streams = self.streams ? try await StreamSummary.all(of: journal) : nil
        let report = JournalInfo(
            handler: journal.resolved,
            features: journal.capabilities.features.map(\.rawValue).sorted(),
            identity: identity,
            frontier: frontier,
            streams: streams
        )
        output.print(report.json, text: report.text)
    }
}

/// What `journal info` prints.
private struct JournalInfo {
    let handler: ResolvedHandler
    let features: [String]
    /// `nil` where the handler does not tell.
    let identity: JournalIdentity?
    let frontier: JournalFrontier
    /// `nil` where they were not asked for.
    let streams: [StreamSummary]?

    var text: String {
        let origins = frontier.heads.count.counted("origin", "origins")
        var lines = ["journal: \(handler.technology)"]
        lines += TextTable.rows(handler.settings.filter { $0.place != .handler }.map { [$0.key, $0.value ?? ""] })
        lines.append("can: \(features.joined(separator: ", "))")
        lines.append("\(frontier.entryCount.counted("entry", "entries")) of \(origins)")
        lines += TextTable.rows(
            frontier.heads.sorted { $0.key < $1.key }
                .map { origin, head in
                    let own = origin == identity?.origin ? "(this journal's)" : ""
                    return [origin.description, "\(head.sequence)", own]
                }
        )
        lines.append("root hash \(frontier.rootHash)")
        if let identity {
            if frontier.heads[identity.origin] == nil { lines.append("writes under origin \(identity.origin)") }
            if identity.isCopy {
                lines.append(
                    "This is a copy or a restored backup: where its original goes on writing, run 'aura journal adopt' on one."
                )
            }
        }
        if let streams {
            lines.append(streams.count.counted("stream", "streams"))
            lines += TextTable.rows(streams.map(\.row))
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            JSONValue.Member(key: "handler", value: .string(handler.technology)),
            JSONValue.Member(
                key: "settings",
                value: .object(
                    handler.settings.map { JSONValue.Member(key: $0.key, value: .optional($0.value)) }
                )
            ),
            JSONValue.Member(
                key: "capabilities",
                value: .array(features.map(JSONValue.string))
            ),
            JSONValue.Member(key: "entries", value: .integer(frontier.entryCount)),
            JSONValue.Member(key: "rootHash", value: .string(frontier.rootHash.description)),
            JSONValue.Member(key: "origins", value: frontier.json),
            JSONValue.Member(key: "origin", value: .optional(identity?.origin.description)),
            JSONValue.Member(key: "isCopy", value: identity.map { .boolean($0.isCopy) } ?? .null),
        ]
        if let streams {
            members.append(JSONValue.Member(key: "streams", value: .array(streams.map(\.json))))
        }
        return .object(members)
    }
}

/// How much a stream holds.
private struct StreamSummary {
    var stream: StreamName
    var entries = 0
    var payloadBytes = 0
    var compacted = 0
    var snapshot: Revision?

    /// Reads a whole journal.
    static func all(of journal: Opened<any JournalEffects>) async throws(EffectError) -> [StreamSummary] {
        let display = journal.display
        defer { display.finish() }
        let total = try await journal.handler.frontier().entryCount
        var streams: [StreamName: StreamSummary] = [:]
        var position = Position.start
        var count = 0
        while true {
            let page = try await journal.handler.readAll(after: position, limit: 1000)
            guard let last = page.last else { break }
            for entry in page { streams[entry.stream, default: StreamSummary(stream: entry.stream)].add(entry) }
            position = last.position
            count += page.count
            display.show("\(count) of \(total) entries", done: count, of: total)
        }
        var summaries: [StreamSummary] = []
        for var summary in streams.values.sorted(by: { $0.stream < $1.stream }) {
            if journal.handler.capabilities.contains(.snapshots) {
                summary.snapshot = try await journal.handler.latestSnapshot(of: summary.stream)?.revision
            }
            summaries.append(summary)
        }
        return summaries
    }

    private mutating func add(_ entry: JournalEntry) {
        entries += 1
        if let payload = entry.payload { payloadBytes += payload.count } else { compacted += 1 }
    }

    var row: [String] {
        var notes: [String] = []
        if compacted > 0 { notes.append("\(compacted) compacted") }
        if let snapshot { notes.append("snapshot at revision \(snapshot)") }
        return [
            BytesText.printable(stream.text), entries.counted("entry", "entries"), "\(ByteCount(bytes: payloadBytes))",
            notes.joined(separator: ", "),
        ]
    }

    var json: JSONValue {
        [
            "stream": .string(stream.text),
            "entries": .integer(entries),
            "payloadBytes": .integer(payloadBytes),
            "compacted": .integer(compacted),
            "snapshotRevision": .optional(snapshot.map { Int(clamping: $0.rawValue) }),
        ]
    }
}
