internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

/// Storage in memory, recorded in a file of its own and replayed from it.
struct RecordedApplication {
    static let registry = HandlerRegistry {
        MemoryHandlers()
        SystemHandlers()
    }
    static let needs: EffectNeeds = [.storage(.transactions), .storage.named("archive")]

    private static let yaml = """
        profile: recorded
        environment: mobile
        storage:
          default: { handler: memory }
          archive: { handler: memory }
        time: { handler: system }
        random: { handler: system }
        """

    let folder: TemporaryFolder
    let log = LogLines()

    init() throws {
        folder = try TemporaryFolder()
    }

    var path: String { "\(folder.path)/calls.jsonl" }
    var logger: Logger {
        Logger(label: "recorded") { [log] _ in log }
    }

    /// Records what `body` calls.
    @discardableResult
    func record<Result: Sendable>(
        limit: ByteCount = RecordingOptions.defaultLimit,
        replaces: Bool = false,
        path: String? = nil,
        _ body: @escaping @Sendable (EffectSystem, ApplicationContext) async throws -> Result
    ) async throws -> Result {
        let profile = try Profile(yaml: Self.yaml)
        let assembly = try Assembly(profile, Self.registry, needs: Self.needs)
        let options = RecordingOptions(path: path ?? self.path, limit: limit, replaces: replaces)
        return try await assembly.withEffects(logger: logger, recording: options) { effects, context in
            // The test's own task has a name, which would be in every path.
            try await Task { try await body(effects, context) }.value
        }
    }

    /// Replays what was recorded.
    @discardableResult
    func replay<Result: Sendable>(
        _ body: @escaping @Sendable (EffectSystem, ApplicationContext) async throws -> Result
    ) async throws -> Result {
        try await withReplay(of: path, Self.registry, needs: Self.needs, logger: logger) { effects, context in
            try await Task { try await body(effects, context) }.value
        }
    }

    /// The failure of a replay.
    func failure(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: @escaping @Sendable (EffectSystem) async throws -> Void
    ) async -> RecordingFailure? {
        do {
            try await replay { effects, _ in try await body(effects) }
            Issue.record("The replay did not fail.", sourceLocation: sourceLocation)
            return nil
        } catch {
            if let failure = error as? RecordingFailure { return failure }
            Issue.record(error, sourceLocation: sourceLocation)
            return nil
        }
    }

    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
    }

    /// The recording's lines without their line feeds.
    var lines: [String] {
        get throws {
            String(decoding: try bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
                .map(String.init)
        }
    }

    func write(_ lines: [String]) throws {
        try TemporaryFolder.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: path)
    }
}

/// A log that keeps its lines.
final class LogLines: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])

    var all: [String] { kept.withLock(\.self) }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0.append("\(event.level): \(event.message)") }
    }
}
