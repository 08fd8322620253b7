internal import AuraEffects
internal import AuraRuntime

extension JournalEntry {
    /// The entry on one line for people.
    ///
    /// - Parameter isWhole: Whether a long payload is shown whole.
    /// - Returns: Position, stream and revision, time, kind and payload.
    func line(isWhole: Bool) -> String {
        let payload = payload.map { BytesText.line($0, isWhole: isWhole) } ?? "(compacted)"
        let place = "\(position)  \(BytesText.printable(stream.text)):\(revision)"
        return "\(place)  \(UTCTime.text(timestamp.milliseconds))  \(BytesText.printable(kind.text))  \(payload)"
    }

    /// The entry for programs; its payload is `text` where it is UTF-8, and `hex` otherwise.
    var json: JSONValue {
        let body =
            switch body {
            case .payload(let bytes), .decrypted(let bytes, stored: _): BytesText.json(bytes)
            case .compacted(let digest): JSONValue.Member(key: "compacted", value: .string(digest.description))
            }
        let members: [(String, JSONValue)] = [
            ("position", .integer(Int(clamping: position.rawValue))),
            ("stream", .string(stream.text)),
            ("revision", .integer(Int(clamping: revision.rawValue))),
            ("time", .string(UTCTime.iso(timestamp.milliseconds))),
            ("kind", .string(kind.text)),
            ("id", .string(id.description)),
            ("origin", .string(origin.description)),
            ("sequence", .integer(Int(clamping: sequence))),
            ("hash", .string(hash.description)),
        ]
        return .object(members.map { JSONValue.Member(key: $0.0, value: $0.1) } + [body])
    }
}

extension JournalFrontier {
    /// How many entries the journal knows.
    var entryCount: Int {
        heads.values.reduce(0) { $0 + Int(clamping: $1.sequence) }
    }

    var json: JSONValue {
        .array(
            heads.sorted { $0.key < $1.key }
                .map { origin, head in
                    [
                        "origin": .string(origin.description),
                        "sequence": .integer(Int(clamping: head.sequence)),
                        "hash": .string(head.hash.description),
                    ]
                }
        )
    }
}
