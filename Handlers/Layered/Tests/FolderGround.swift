internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import CFileSystem
internal import Foundation
internal import Synchronization
internal import Testing

/// Folders of the filesystem handler.
final class FolderGround: CrashingGround {
    private let folder: TemporaryFolder
    private let count = Mutex(0)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func configuration(_ path: String) -> FileSystemConfiguration {
        FileSystemConfiguration(path: path, budget: HandlerContext.system.budget)
    }

    var storageCapabilities: Capabilities { FileSystemStorageHandler.capabilities(of: configuration("")) }

    func newPlace() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "\(folder.path)/\(number)"
    }

    func storage(_ path: String) async throws -> ManagedHandler<any StorageEffects> {
        let handler = try await FileSystemStorageHandler.open(configuration(path), .system)
        return ManagedHandler(handler) { await handler.close() }
    }

    /// Copies the folder while the storage's lock keeps it as it is.
    func copyAsCrashed(_ path: String) async throws -> String {
        let copy = newPlace()
        let lock = unsafe open("\(path)/lock", O_RDWR | O_CLOEXEC)
        defer { close(lock) }
        try #require(lock >= 0)
        while aura_try_lock(lock) != 1 { try await Task.sleep(for: .milliseconds(1)) }
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        return copy
    }
}
