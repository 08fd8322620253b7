#if SQLite
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Foundation
internal import Testing

/// A folder of a test's own in which the built command runs; gone with the value.
final class Workplace: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "aura-cli-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// The names of the files in the folder.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func write(_ text: String, to name: String) throws {
        let file = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Copies a file as `cp` does.
    func copy(_ name: String, to other: String) throws {
        if exists(other) { try FileManager.default.removeItem(atPath: file(other)) }
        try FileManager.default.copyItem(atPath: file(name), toPath: file(other))
    }

    /// Turns the first byte of a text in a file into another one.
    func damage(_ name: String, at text: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file(name)))
        let range = try #require(bytes.range(of: Data(text.utf8)))
        bytes[range.lowerBound] ^= 0x20
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file(name)))
        try handle.write(contentsOf: bytes)
        try handle.close()
    }

    // MARK: Handlers in the test's own process

    /// Opens a journal in the folder for the time of `body`.
    @discardableResult
    func withJournal<Result>(
        _ name: String,
        _ body: (any JournalEffects, EffectSystem) async throws -> Result
    ) async throws -> Result {
        try await withEffects("journal", name) { effects in try await body(effects.journal, effects) }
    }

    /// Opens a storage in the folder for the time of `body`.
    @discardableResult
    func withStorage<Result>(
        _ name: String,
        _ body: (any StorageEffects) async throws -> Result
    ) async throws -> Result {
        try await withEffects("storage", name) { effects in try await body(effects.storage) }
    }

    private func withEffects<Result>(
        _ effect: String,
        _ name: String,
        _ body: (EffectSystem) async throws -> Result
    ) async throws -> Result {
        let profile = try Profile(
            yaml: """
                profile: test
                environment: embedded
                \(effect): { handler: sqlite, path: "\(file(name))" }
                time: { handler: system }
                random: { handler: system }
                """
        )
        let registry = HandlerRegistry {
            SQLiteHandlers()
            SystemHandlers()
        }
        return try await withAssembled(profile, registry, variables: [:]) { effects, _ in try await body(effects) }
    }

    /// Appends entries with texts as payloads; the file is made where it is missing.
    func append(_ texts: [String], to stream: StreamName = "notes", of name: String, kind: EntryKind = "note.added/1")
        async throws
    {
        try await withJournal(name) { journal, effects in
            let drafts = texts.map { JournalEntry.Draft(id: EntryID(effects), kind: kind, payload: Array($0.utf8)) }
            try await journal.append(drafts, to: stream)
        }
    }

    /// Every entry of a journal.
    func entries(of name: String) async throws -> [JournalEntry] {
        try await withJournal(name) { journal, _ in try await journal.readAll(after: .start, limit: 10_000) }
    }
}
#endif
