internal import AuraEffects
internal import AuraRuntime

/// Reads an export's lines, checks them, and gathers them into batches for a journal that may hold a part of them.
actor ImportReader {
    /// Lines that are merged together.
    struct Group: Sendable {
        /// What the journal lacks of them; its links are checked.
        var batch: JournalBatch
        /// The numbers of the first and the last line with an entry or a snapshot of the batch.
        var lines: ClosedRange<Int>
        /// How many entries precede the end of the group, those that the journal holds included.
        var done: Int
    }

    static let operation = "import"
    static let errors = HandlerErrors(JournalEffect.self, handler: "")

    /// A group ends once it has so many entries or so many bytes.
    private static let entryLimit = 10_000
    private static let byteLimit = 8 * 1024 * 1024

    private let known: JournalFrontier
    private let reader: LineReader
    private var check = ImportCheck()
    private var chain: Chain
    /// The snapshots that the entries after them need.
    private var snapshots: [JournalSnapshot] = []
    private var isAfterEntry = false
    /// A snapshot that was read and belongs to the next group.
    private var following: JournalSnapshot?
    private var done = 0

    /// Begins with the first line, for a journal that holds what is `known` already.
    init(_ source: any ByteSource, known: JournalFrontier) {
        reader = LineReader(source)
        chain = Chain(from: known)
        self.known = known
    }

    /// Reads the first line.
    ///
    /// - Returns: What the file says that it holds.
    func header() async throws(EffectError) -> JournalFrontier {
        guard try await nextLine() != nil, let frontier = check.frontier else {
            throw Self.errors.error(.corrupted, in: Self.operation, "The file is empty: export the journal again.")
        }
        return frontier
    }

    /// The next lines that the journal lacks; `nil` after the end.
    ///
    /// - Throws: What is wrong with a line, by its number; nothing of the lines since the last group is to be merged then.
    func next() async throws(EffectError) -> Group? {
        var gathering = Gathering()
        if let snapshot = following { take(snapshot) }
        following = nil
        while gathering.entries.count < Self.entryLimit, gathering.byteCount < Self.byteLimit {
            switch try await nextLine() {
            case .entry(let entry):
                isAfterEntry = true
                done += 1
                if try isMissing(entry) { gathering.add(entry, at: reader.number) }
            case .snapshot(let snapshot):
                guard gathering.entries.isEmpty else {
                    following = snapshot
                    return try group(gathering)
                }
                take(snapshot)
            case .end, .header: continue
            case nil: return gathering.entries.isEmpty ? nil : try group(gathering)
            }
        }
        return try group(gathering)
    }

    /// Entries on their way into a group.
    private struct Gathering {
        var entries: [JournalEntry] = []
        var lineNumbers: [Int] = []
        var byteCount = 0

        mutating func add(_ entry: JournalEntry, at line: Int) {
            entries.append(entry)
            lineNumbers.append(line)
            byteCount += entry.payload?.count ?? 0
        }
    }

    /// Snapshots that follow one another belong to the same entries.
    private func take(_ snapshot: JournalSnapshot) {
        if isAfterEntry { snapshots.removeAll() }
        isAfterEntry = false
        snapshots.append(snapshot)
    }

    /// Whether the journal lacks an entry.
    private func isMissing(_ entry: JournalEntry) throws(EffectError) -> Bool {
        guard let head = known.heads[entry.origin], entry.sequence <= head.sequence else { return true }
        guard entry.sequence < head.sequence || entry.hash == head.hash else {
            throw fault(
                LineFault(
                    "the journal holds another entry \(entry.sequence) of origin \(entry.origin): the chain forks, since a "
                        + "copy of a journal went on writing under its origin. Let one of them adopt a new origin",
                    code: .conflict
                )
            )
        }
        return false
    }

    private func group(_ gathering: Gathering) throws(EffectError) -> Group {
        var batch = JournalBatch(entries: gathering.entries, snapshots: snapshots)
        if let index = chain.follow(&batch) {
            throw fault(
                LineFault("it was altered: its hash does not follow from its contents and the entry before it"),
                at: gathering.lineNumbers[index]
            )
        }
        let lines = (gathering.lineNumbers.first ?? 1)...(gathering.lineNumbers.last ?? 1)
        return Group(batch: batch, lines: lines, done: done)
    }

    // MARK: Lines

    /// The next line, seen to follow those before it; `nil` at the end of a whole file.
    private func nextLine() async throws(EffectError) -> ExportLine? {
        let line = try await reader.next()
        do throws(LineFault) {
            return try decode(line)
        } catch {
            throw fault(error)
        }
    }

    private func decode(_ line: LineReader.Line?) throws(LineFault) -> ExportLine? {
        guard let line else {
            guard check.frontier == nil || check.isAtEnd else {
                throw LineFault("the file ends here, without the line that ends an export: it was cut short")
            }
            return nil
        }
        guard !check.isAtEnd else { throw LineFault("it follows the end: something was added to the file") }
        switch line {
        case .tooLong:
            throw LineFault("it is longer than \(ExportFormat.maximumLineBytes) bytes, as no line of an export is")
        case .cutShort(let range):
            try checkBeginning(range)
            throw LineFault("the file ends within it: it was cut short")
        case .whole(let range):
            try checkBeginning(range)
            let decoded = try reader.withBytes(of: range) { bytes throws(LineFault) in
                try ExportDecoder.decode(bytes)
            }
            try check.follow(decoded)
            return decoded
        }
    }

    /// A file whose first bytes are none of an export's is something else.
    private func checkBeginning(_ range: Range<Int>) throws(LineFault) {
        guard check.frontier == nil else { return }
        let isExport = try reader.withBytes(of: range) { bytes throws(LineFault) in
            var scanner = LineScanner(bytes)
            return scanner.skip(ExportFormat.beginning)
        }
        guard isExport else { throw ImportCheck.noExport }
    }

    private func fault(_ fault: LineFault, at line: Int? = nil) -> EffectError {
        let message = "Line \(line ?? reader.number): \(fault.message)."
        let advice = " Get the file anew and import it again: the import goes on where it stopped."
        return Self.errors.error(
            fault.code,
            in: Self.operation,
            fault.code == .corrupted ? message + advice : message
        )
    }
}
