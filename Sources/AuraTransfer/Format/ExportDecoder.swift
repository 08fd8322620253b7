internal import AuraEffects
internal import AuraRuntime

/// Reads one line of an export, without its line feed.
enum ExportDecoder {
    /// What the line says; throws what is wrong with it on its own.
    static func decode(_ line: UnsafeRawBufferPointer) throws(LineFault) -> ExportLine {
        var start = LineScanner(line)
        if start.skip(ExportFormat.beginning) { try checkFormat(&start) }
        var scanner = LineScanner(try contents(of: line))
        if scanner.skip("{\"origin\":\"") { return .entry(try entry(&scanner)) }
        if scanner.skip("{\"snapshot\":\"") { return .snapshot(try snapshot(&scanner)) }
        if scanner.skip("{\"end\":\"") { return .end(try end(&scanner)) }
        if scanner.skip(ExportFormat.beginning) { return .header(try header(&scanner)) }
        throw LineFault("it is neither an entry nor a snapshot nor the end")
    }

    /// What stands before a line's check, once it is seen to fit.
    private static func contents(of line: UnsafeRawBufferPointer) throws(LineFault) -> UnsafeRawBufferPointer {
        if line.last == UInt8(ascii: "\r") {
            throw LineFault("it ends with CR LF: the file was converted on its way; transfer it as binary")
        }
        let end = line.count - ExportFormat.checkBytes
        guard end > 0 else { throw endsEarly }
        let contents = UnsafeRawBufferPointer(rebasing: line[..<end])
        var scanner = LineScanner(UnsafeRawBufferPointer(rebasing: line[end...]))
        guard scanner.skip(ExportFormat.checkStart) else { throw endsEarly }
        let check = try scanner.check()
        guard scanner.skip(ExportFormat.checkEnd) else { throw endsEarly }
        guard check == XXHash64.hash(contents) else {
            throw LineFault("it was altered: its check does not fit")
        }
        return contents
    }

    private static var endsEarly: LineFault {
        LineFault("it does not end with a check: it is cut short, or no line of an export")
    }

    /// Reads name and version first: a newer version may look different after them.
    private static func checkFormat(_ scanner: inout LineScanner) throws(LineFault) {
        let name = try scanner.text("format's name")
        guard name == ExportFormat.name else {
            let message = "the file is an export of another kind, \(HandlerErrors.quote(name))"
            throw LineFault(message, code: .invalidArgument)
        }
        try scanner.expect(",\"version\":", before: "the format's version")
        let version = try scanner.number("format's version")
        guard version == ExportFormat.version else {
            let message =
                "the file has version \(version) of the format; this is version \(ExportFormat.version): update Aura"
            throw LineFault(message, code: .unsupported)
        }
    }

    private static func header(_ scanner: inout LineScanner) throws(LineFault) -> ExportHeader {
        try checkFormat(&scanner)
        try scanner.expect(",\"entries\":", before: "the number of entries")
        let entries = try scanner.number("number of entries")
        try scanner.expect(",\"origins\":[", before: "the origins")
        var heads: [OriginID: JournalFrontier.Head] = [:]
        var last: OriginID?
        while beginsElement(&scanner, isFirst: heads.isEmpty) {
            let origin = OriginID(rawValue: try scanner.identifier("origin"))
            try scanner.expect("\",\"sequence\":", before: "the sequence")
            let sequence = try scanner.number("sequence")
            try scanner.expect(",\"hash\":\"", before: "the hash")
            heads[origin] = JournalFrontier.Head(sequence: sequence, hash: try scanner.digest("hash"))
            try scanner.expect("\"}", before: "the next origin")
            try checkOrder(origin, after: &last)
        }
        try scanner.expect("],\"root\":\"", before: "the root hash")
        let root = try scanner.digest("root hash")
        try scanner.expect("\"", before: "the check")
        try scanner.expectEnd()
        let header = ExportHeader(entries: entries, frontier: JournalFrontier(heads), rootHash: root)
        guard header == ExportHeader(header.frontier) else {
            throw LineFault("its number of entries or its root hash does not fit the origins")
        }
        return header
    }

    private static func entry(_ scanner: inout LineScanner) throws(LineFault) -> JournalEntry {
        let origin = OriginID(rawValue: try scanner.identifier("origin"))
        try scanner.expect("\",\"sequence\":", before: "the sequence")
        let sequence = try scanner.number("sequence")
        try scanner.expect(",\"stream\":\"", before: "the stream")
        let stream = StreamName(try scanner.text("stream"))
        try scanner.expect(",\"id\":\"", before: "the id")
        let id = EntryID(rawValue: try scanner.identifier("id"))
        try scanner.expect("\",\"timestamp\":", before: "the timestamp")
        let timestamp = HybridTimestamp(rawValue: try scanner.number("timestamp"))
        try scanner.expect(",\"kind\":\"", before: "the kind")
        let kind = EntryKind(try scanner.text("kind"))
        let body: JournalEntry.Body
        if scanner.skip(",\"payload\":\"") {
            body = .payload(try scanner.base64("payload"))
        } else {
            try scanner.expect(",\"payloadHash\":\"", before: "the payload or its hash")
            body = .compacted(try scanner.digest("payload's hash"))
            try scanner.expect("\"", before: "the hash")
        }
        try scanner.expect(",\"hash\":\"", before: "the hash")
        let hash = try scanner.digest("hash")
        try scanner.expect("\"", before: "the check")
        try scanner.expectEnd()
        return JournalEntry(
            stream: stream,
            revision: .first,
            position: .start,
            origin: origin,
            sequence: sequence,
            id: id,
            timestamp: timestamp,
            kind: kind,
            body: body,
            hash: hash
        )
    }

    private static func snapshot(_ scanner: inout LineScanner) throws(LineFault) -> JournalSnapshot {
        let stream = StreamName(try scanner.text("stream"))
        try scanner.expect(",\"covers\":[", before: "what the snapshot covers")
        var covers: [OriginID: UInt64] = [:]
        var last: OriginID?
        while beginsElement(&scanner, isFirst: covers.isEmpty) {
            let origin = OriginID(rawValue: try scanner.identifier("origin"))
            try scanner.expect("\",\"sequence\":", before: "the sequence")
            covers[origin] = try scanner.number("sequence")
            try scanner.expect("}", before: "the next origin")
            try checkOrder(origin, after: &last)
        }
        try scanner.expect("],\"state\":\"", before: "the state")
        let state = try scanner.base64("state")
        try scanner.expectEnd()
        return JournalSnapshot(stream: stream, revision: .first, state: state, covers: covers)
    }

    private static func end(_ scanner: inout LineScanner) throws(LineFault) -> ExportEnd {
        guard scanner.skip("aura-journal\"") else { throw LineFault("it is the end of another format") }
        try scanner.expect(",\"entries\":", before: "the number of entries")
        let entries = try scanner.number("number of entries")
        try scanner.expect(",\"snapshots\":", before: "the number of snapshots")
        let snapshots = try scanner.number("number of snapshots")
        try scanner.expect(",\"root\":\"", before: "the root hash")
        let root = try scanner.digest("root hash")
        try scanner.expect("\"", before: "the check")
        try scanner.expectEnd()
        return ExportEnd(entries: entries, snapshots: snapshots, rootHash: root)
    }

    /// Whether another element of an array begins here.
    private static func beginsElement(_ scanner: inout LineScanner, isFirst: Bool) -> Bool {
        scanner.skip(isFirst ? "{\"origin\":\"" : ",{\"origin\":\"")
    }

    private static func checkOrder(_ origin: OriginID, after last: inout OriginID?) throws(LineFault) {
        guard last.map({ $0 < origin }) ?? true else {
            throw LineFault("its origins are doubled or not in their order")
        }
        last = origin
    }
}
