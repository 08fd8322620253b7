internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import FieldnotesCore

/// A notebook in memory, with a clock and random numbers that the test holds.
struct Fixture {
    let time = ManualTimeHandler()
    let folder = MemoryFolderHandler()
    let journal: MemoryJournalHandler
    let storage = MemoryStorageHandler()
    var effects = EffectSystem()

    /// Creates a notebook.
    ///
    /// - Parameters:
    ///   - seed: What its random numbers, and so its origin and ids, follow from.
    ///   - hasTransactions: Whether its storage has transactions.
    init(seed: UInt64 = 1, hasTransactions: Bool = true) {
        let random = SeededRandomHandler(seed: seed)
        journal = MemoryJournalHandler(time: time, random: random)
        effects.time = time
        effects.random = random
        effects.journal = journal
        effects.storage = hasTransactions ? storage : SingleWrites(storage)
        effects.folder = folder
    }

    var notebook: Notebook { Notebook(effects) }

    func importFolder(
        _ path: String = "/notes",
        named name: String? = nil,
        tags: [NoteTag] = []
    ) async throws(EffectError) -> ImportReport {
        var importer = Importer(into: notebook, tags: tags)
        return try await importer.run(path, named: name)
    }

    /// Every note's source path, text and tags, as a reader sees them.
    func contents() async throws(EffectError) -> [Content] {
        try await notebook.contents()
    }

    func entries() async throws(EffectError) -> [JournalEntry] {
        var entries: [JournalEntry] = []
        while true {
            let page = try await journal.readAll(after: entries.last?.position ?? .start, limit: 1000)
            if page.isEmpty { return entries }
            entries += page
        }
    }
}

/// What a reader sees of a note.
struct Content: Hashable, Comparable {
    var path: String
    var text: String
    var tags: [NoteTag]

    static func < (left: Content, right: Content) -> Bool {
        (left.path, left.text) < (right.path, right.text)
    }
}

extension Notebook {
    func contents() async throws(EffectError) -> [Content] {
        try await catchUp()
        var contents: [Content] = []
        try await forEachNote { record throws(EffectError) in
            let text = try await text(of: record).string()
            contents.append(Content(path: record.source?.path ?? "", text: text, tags: record.tags))
        }
        return contents.sorted()
    }
}

extension NoteText {
    func string() async throws(EffectError) -> String {
        var bytes: [UInt8] = []
        var count = 0
        var part = try await part(count)
        while !part.isEmpty {
            bytes += part
            count += 1
            part = try await self.part(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Storage without transactions.
struct SingleWrites: StorageEffects {
    let base: any StorageEffects

    init(_ base: any StorageEffects) {
        self.base = base
    }

    var capabilities: Capabilities {
        var capabilities = base.capabilities
        capabilities.features.remove(.transactions)
        return capabilities
    }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? { try await base.read(key) }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try await base.write(bytes, to: key, if: precondition)
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try await base.remove(key, if: precondition)
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try await base.list(prefix: prefix, after: key, limit: limit)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        throw EffectError(.unsupported, "This storage has no transactions.")
    }
}

/// Numbers that follow from a seed.
struct Generator: RandomNumberGenerator {
    private let random: SeededRandomHandler

    init(seed: UInt64) {
        random = SeededRandomHandler(seed: seed)
    }

    mutating func next() -> UInt64 { random.nextUInt64() }
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

/// A tag that is known to be one.
func tag(_ text: String) throws -> NoteTag {
    try #require(NoteTag(exactly: text))
}
