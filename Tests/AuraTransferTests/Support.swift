internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraTransfer
internal import Testing

/// An export in memory.
actor MemorySink: ByteSink {
    private(set) var bytes: [UInt8] = []
    private(set) var isFinished = false
    private let onWrite: @Sendable () async throws(EffectError) -> Void

    init(onWrite: @escaping @Sendable () async throws(EffectError) -> Void = { () throws(EffectError) in }) {
        self.onWrite = onWrite
    }

    func write(_ bytes: [UInt8]) async throws(EffectError) {
        try await onWrite()
        self.bytes += bytes
    }

    func finish() {
        isFinished = true
    }
}

/// Bytes in memory, given in chunks.
actor MemorySource: ByteSource {
    private var rest: ArraySlice<UInt8>
    private let chunkSize: Int

    init(_ bytes: [UInt8], chunkSize: Int = .max) {
        rest = bytes[...]
        self.chunkSize = chunkSize
    }

    func read(upTo count: Int) -> [UInt8] {
        let chunk = rest.prefix(min(count, chunkSize))
        rest = rest.dropFirst(chunk.count)
        return Array(chunk)
    }
}

/// A journal whose origin is a small number.
func journal(_ origin: UInt128) -> MemoryJournalHandler {
    MemoryJournalHandler(time: ManualTimeHandler(), origin: OriginID(rawValue: origin))
}

func draft(_ id: UInt128, _ payload: [UInt8], kind: EntryKind = "test/1") -> JournalEntry.Draft {
    JournalEntry.Draft(id: EntryID(rawValue: id), kind: kind, payload: payload)
}

func draft(_ id: UInt128, _ text: String) -> JournalEntry.Draft {
    draft(id, Array(text.utf8))
}

/// Names that need escapes in JSON, or would in other formats.
let unusualStream = StreamName("q\"uo\\te\u{1}\n é 🗄️")

/// A journal of two origins, with compacted entries and the snapshot that covers them, and unusual names and payloads.
///
/// Its export has these lines: 1 header, 2 snapshot, 3 and 4 compacted, 5 to 7 and 8 to 9 with payloads, 10 end.
func sampleJournal() async throws -> MemoryJournalHandler {
    let sample = journal(1)
    try await sample.append([draft(1, "one"), draft(2, "two"), draft(3, "three!")], to: "a")
    try await sample.append([draft(4, []), draft(5, Array(0...255))], to: unusualStream)
    try await sample.saveSnapshot(JournalSnapshot(stream: "a", revision: Revision(rawValue: 2), state: [9, 8, 7]))
    try await sample.compact("a", before: Revision(rawValue: 2))
    let other = journal(2)
    try await other.append([draft(6, "six"), draft(7, "seven")], to: "b")
    _ = try await sample.merge(try await other.entries(beyond: JournalFrontier(), limit: 10))
    return sample
}

func exported(_ journal: any JournalEffects) async throws -> [UInt8] {
    let sink = MemorySink()
    let receipt = try await JournalExport(of: journal).run(to: sink)
    let bytes = await sink.bytes
    #expect(await sink.isFinished)
    #expect(receipt.bytes == bytes.count)
    return bytes
}

/// What of an entry is the same in every journal.
func portable(_ entries: [JournalEntry]) -> [JournalEntry] {
    entries
        .map { entry in
            var entry = entry
            entry.position = .start
            entry.revision = .first
            return entry
        }
        .sorted { ($0.origin, $0.sequence) < ($1.origin, $1.sequence) }
}

/// The whole of a journal.
func allEntries(_ journal: any JournalEffects) async throws(EffectError) -> [JournalEntry] {
    var entries: [JournalEntry] = []
    while true {
        let page = try await journal.readAll(after: entries.last?.position ?? .start, limit: 1000)
        if page.isEmpty { return entries }
        entries += page
    }
}

/// The error that `body` throws.
func thrownError(_ body: () async throws(EffectError) -> Void) async -> EffectError? {
    do throws(EffectError) {
        try await body()
        return nil
    } catch {
        return error
    }
}
