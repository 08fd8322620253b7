internal import AuraConformance
internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import Foundation
internal import Synchronization
internal import Testing

/// Makes storages on files, opens them again, copies them as a crash leaves them, and damages them.
final class FileSystemHarness: StorageDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness {
    typealias Handler = any StorageEffects

    private typealias Opened = (handler: FileSystemStorageHandler, path: String)

    private let folder: TemporaryFolder
    private let synchronous: FileSystemConfiguration.Synchronous
    private let log: ByteCount?
    private let state = Mutex((count: 0, open: [Opened]()))

    /// A small log lets a checkpoint follow on nearly every write.
    init(synchronous: FileSystemConfiguration.Synchronous = .full, log: ByteCount? = nil) throws {
        folder = try TemporaryFolder()
        self.synchronous = synchronous
        self.log = log
    }

    var capabilities: Capabilities {
        var configuration = FileSystemConfiguration(path: "", budget: HandlerContext.system().budget)
        configuration.synchronous = synchronous
        return FileSystemStorageHandler.capabilities(of: configuration)
    }

    func make() async throws -> any StorageEffects {
        try await open(newPath())
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let (handler, path) = try take(handler)
        await handler.close()
        return try await open(path)
    }

    /// Copies the folder while the storage's lock keeps it as it is, amid whatever is under way.
    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let path = try path(of: handler)
        let copy = newPath()
        let lock = try await HeldLock(of: path)
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        withExtendedLifetime(lock) {}
        return try await open(copy)
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await open(path(of: handler))
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let value = try #require(try await storage.read(key))
        let (handler, path) = try take(storage)
        await handler.close()
        let file = try valueFile(in: path, holding: value.bytes)
        let size = try #require(try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
        try flip(file, at: size - 1)
        return try await open(path)
    }

    func finish() async {
        for opened in state.withLock({ $0.open }) { await opened.handler.close() }
    }

    private func newPath() -> String {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        return folder.file("\(number)")
    }

    private func open(_ path: String) async throws -> any StorageEffects {
        let handler = try await HandlerContext.system()
            .storage(path) {
                $0.synchronous = synchronous
                if let log { $0.log = log }
            }
        state.withLock { $0.open.append((handler, path)) }
        return handler
    }

    private func path(of handler: any StorageEffects) throws -> String {
        try #require(state.withLock { state in state.open.first { $0.handler === handler as AnyObject }?.path })
    }

    private func take(_ handler: any StorageEffects) throws -> Opened {
        try #require(
            state.withLock { state in
                state.open.firstIndex { $0.handler === handler as AnyObject }.map { state.open.remove(at: $0) }
            }
        )
    }
}
