internal import AuraEffects
internal import AuraRuntime

/// Writes the lines of an export.
enum ExportEncoder {
    static func encode(_ header: ExportHeader) -> [UInt8] {
        let heads = header.frontier.heads.sorted { $0.key < $1.key }
        return line(capacity: 512 + heads.count * 192) { line in
            line.append(ExportFormat.beginning)
            line.append(text: ExportFormat.name)
            line.append("\",\"version\":")
            line.append(ExportFormat.version)
            line.append(",\"entries\":")
            line.append(header.entries)
            line.append(",\"origins\":[")
            for (index, (origin, head)) in heads.enumerated() {
                line.append(index == 0 ? "{\"origin\":\"" : ",{\"origin\":\"")
                line.append(hex: origin.rawValue)
                line.append("\",\"sequence\":")
                line.append(head.sequence)
                line.append(",\"hash\":\"")
                line.append(head.hash)
                line.append("\"}")
            }
            line.append("],\"root\":\"")
            line.append(header.rootHash)
            line.append("\"")
        }
    }

    static func encode(_ end: ExportEnd) -> [UInt8] {
        line(capacity: 512) { line in
            line.append("{\"end\":\"")
            line.append(text: ExportFormat.name)
            line.append("\",\"entries\":")
            line.append(end.entries)
            line.append(",\"snapshots\":")
            line.append(end.snapshots)
            line.append(",\"root\":\"")
            line.append(end.rootHash)
            line.append("\"")
        }
    }

    static func encode(_ snapshot: JournalSnapshot) -> [UInt8] {
        let covers = snapshot.covers.sorted { $0.key < $1.key }
        let capacity = 512 + covers.count * 96 + LineWriter.size(of: snapshot.stream.text, snapshot.state)
        return line(capacity: capacity) { line in
            line.append("{\"snapshot\":\"")
            line.append(text: snapshot.stream.text)
            line.append("\",\"covers\":[")
            for (index, (origin, sequence)) in covers.enumerated() {
                line.append(index == 0 ? "{\"origin\":\"" : ",{\"origin\":\"")
                line.append(hex: origin.rawValue)
                line.append("\",\"sequence\":")
                line.append(sequence)
                line.append("}")
            }
            line.append("],\"state\":\"")
            line.append(base64: snapshot.state)
            line.append("\"")
        }
    }

    /// The lines of entries, one after the other.
    static func encode(_ entries: some Collection<JournalEntry>) -> [UInt8] {
        let capacity = entries.reduce(0) { sum, entry in
            sum + 512 + LineWriter.size(of: entry.stream.text, entry.payload ?? [])
                + LineWriter.size(of: entry.kind.text, [])
        }
        return lines(capacity: capacity) { line in
            for entry in entries {
                append(entry, to: &line)
                line.endLine()
            }
        }
    }

    private static func append(_ entry: JournalEntry, to line: inout LineWriter) {
        line.append("{\"origin\":\"")
        line.append(hex: entry.origin.rawValue)
        line.append("\",\"sequence\":")
        line.append(entry.sequence)
        line.append(",\"stream\":\"")
        line.append(text: entry.stream.text)
        line.append("\",\"id\":\"")
        line.append(hex: entry.id.rawValue)
        line.append("\",\"timestamp\":")
        line.append(entry.timestamp.rawValue)
        line.append(",\"kind\":\"")
        line.append(text: entry.kind.text)
        switch entry.body {
        case .payload(let bytes), .decrypted(_, stored: let bytes):
            line.append("\",\"payload\":\"")
            line.append(base64: bytes)
        case .compacted(let digest):
            line.append("\",\"payloadHash\":\"")
            line.append(digest)
        }
        line.append("\",\"hash\":\"")
        line.append(entry.hash)
        line.append("\"")
    }

    private static func line(capacity: Int, _ body: (inout LineWriter) -> Void) -> [UInt8] {
        lines(capacity: capacity) { line in
            body(&line)
            line.endLine()
        }
    }

    private static func lines(capacity: Int, _ body: (inout LineWriter) -> Void) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var writer = LineWriter(UnsafeMutableRawBufferPointer(buffer))
            body(&writer)
            count = writer.count
        }
    }
}
