internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import LogStorage

/// Makes logs, closes and opens them again, copies them as a crash leaves them, and damages them.
final class LogStorageHarness: StorageDamagingHarness, ReopeningHarness, CrashingHarness {
    typealias Handler = any StorageEffects

    private let folder: TemporaryFolder
    private let open = Mutex<[(handler: LogStorageHandler, path: String)]>([])

    init() throws {
        folder = try TemporaryFolder()
    }

    var capabilities: Capabilities { LogStorageHandler.capabilities(of: LogConfiguration(path: "")) }

    func make() async throws -> any StorageEffects {
        try await openLog(folder.newFile())
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await openLog(try await close(handler))
    }

    /// The log only grows: a copy is what the disk holds if the process dies now.
    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let copy = folder.newFile()
        try FileManager.default.copyItem(atPath: try path(of: handler), toPath: copy)
        return try await openLog(copy)
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let path = try await close(storage)
        let place = try #require(try Log.opened(path).index.places[key])
        try flipBit(of: path, at: place.offset + place.value.count / 2)
        return try await openLog(path)
    }

    func finish() async {
        for (handler, _) in open.withLock({ $0 }) { await handler.close() }
    }

    private func openLog(_ path: String) async throws -> any StorageEffects {
        let handler = try await LogStorageHandler.open(LogConfiguration(path: path), .forTests)
        open.withLock { $0.append((handler, path)) }
        return handler
    }

    private func path(of handler: any StorageEffects) throws -> String {
        try #require(open.withLock { $0.first { $0.handler === handler as AnyObject } }).path
    }

    private func close(_ handler: any StorageEffects) async throws -> String {
        let path = try path(of: handler)
        await (handler as? LogStorageHandler)?.close()
        return path
    }
}

extension HandlerContext {
    /// What a handler gets from a profile of the environment `embedded`.
    static var forTests: HandlerContext {
        let derivation = ResourceManager.derive(from: .embedded, on: MachineLimits())
        return HandlerContext(
            budget: derivation.budget,
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
    }
}

extension Log {
    /// A log as it stands in a file.
    static func opened(_ path: String) throws -> Log {
        let errors = HandlerErrors(StorageEffect.self, handler: LogStorageHandler.technology)
        return try Log(LogConfiguration(path: path), errors, copyingBy: 4096)
    }
}

/// A folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String
    private let count = Mutex(0)

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("log-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func newFile() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "\(path)/\(number).log"
    }
}

/// Changes one bit of a file.
func flipBit(of path: String, at offset: Int) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[offset] ^= 0x10
    try bytes.write(to: URL(fileURLWithPath: path))
}
