internal import AuraEffects
internal import AuraRuntime

/// Whether the lines of an export follow one another as they must.
struct ImportCheck: Sendable {
    private var header: ExportHeader?
    private var sequences: [OriginID: UInt64] = [:]
    private var last: (origin: OriginID, sequence: UInt64)?
    private var entries: UInt64 = 0
    private var snapshots: UInt64 = 0
    private(set) var isAtEnd = false

    /// What the file says that it holds, once the first line was read.
    var frontier: JournalFrontier? { header?.frontier }

    mutating func follow(_ line: ExportLine) throws(LineFault) {
        guard let header else {
            guard case .header(let first) = line else { throw Self.noExport }
            self.header = first
            return
        }
        switch line {
        case .header: throw LineFault("it is a second header: two exports were joined; import each on its own")
        case .snapshot: snapshots += 1
        case .entry(let entry): try follow(entry, header)
        case .end(let end): try follow(end, header)
        }
    }

    static var noExport: LineFault {
        LineFault("the file is no journal export: it does not begin with a header", code: .invalidArgument)
    }

    private mutating func follow(_ entry: JournalEntry, _ header: ExportHeader) throws(LineFault) {
        // Entries of one origin follow one another: the last one's sequence is kept beside the others.
        if let last, last.origin != entry.origin { sequences[last.origin] = last.sequence }
        let before = last.flatMap { $0.origin == entry.origin ? $0.sequence : nil } ?? sequences[entry.origin] ?? 0
        guard let head = header.frontier.heads[entry.origin] else {
            throw LineFault("its origin \(entry.origin) is not among the header's")
        }
        guard entry.sequence > before else {
            throw LineFault(
                "entry \(entry.sequence) of origin \(entry.origin) follows entry \(before): it is doubled or out of order"
            )
        }
        guard entry.sequence == before + 1 else {
            throw LineFault(
                "entry \(entry.sequence) of origin \(entry.origin) follows entry \(before): what is between them is missing"
            )
        }
        guard entry.sequence <= head.sequence else {
            throw LineFault(
                "entry \(entry.sequence) of origin \(entry.origin) lies beyond its last one in the header, \(head.sequence)"
            )
        }
        guard entry.sequence < head.sequence || entry.hash == head.hash else {
            throw LineFault("the last entry of origin \(entry.origin) has another hash than the header says")
        }
        last = (entry.origin, entry.sequence)
        entries += 1
    }

    private mutating func follow(_ end: ExportEnd, _ header: ExportHeader) throws(LineFault) {
        guard entries == header.entries else {
            throw LineFault("the end follows \(entries) entries of \(header.entries): lines are missing before it")
        }
        guard end.entries == entries, end.snapshots == snapshots else {
            throw LineFault(
                "it counts \(end.entries) entries and \(end.snapshots) snapshots, and \(entries) and \(snapshots) precede it"
            )
        }
        guard end.rootHash == header.rootHash else {
            throw LineFault("its root hash is not the header's")
        }
        isAtEnd = true
    }
}
