internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import Foundation
internal import Testing

/// A small file system in memory that really fills up, and can be made read-only.
private final class SmallDisk {
    let path: String
    private let folder: TemporaryFolder

    init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.file("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0777", "aura-test", path)
    }

    deinit {
        try? Self.run("umount", "-l", path)
    }

    func remount(_ option: String) throws {
        try Self.run("mount", "-o", "remount,\(option)", path)
    }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        let isSuperuser = geteuid() == 0
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = (isSuperuser ? [] : ["sudo", "-n"]) + arguments
        try process.run()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "Mounting a file system for this test needs the superuser or sudo: \(arguments.joined(separator: " "))"
        )
    }
}

@Suite("Disks that fail")
struct DiskFaultTests {
    let context = HandlerContext.system()

    @Test("a full disk refuses writes, loses nothing acknowledged, and the storage goes on once there is space")
    func fullDisk() async throws {
        let disk = try SmallDisk(megabytes: 3)
        let path = "\(disk.path)/storage"
        // So small that checkpoints run into the full disk too.
        let storage = try await context.storage(path) { $0.log = .kibibytes(200) }
        let ballast = "\(disk.path)/ballast"
        try Data(count: 1024 * 1024).write(to: URL(fileURLWithPath: ballast))

        var acknowledged: [StorageKey: StoredValue] = [:]
        var refusals: [EffectError] = []
        for number in 0..<300 where refusals.count < 5 {
            let key = StorageKey("key \(number)")
            let bytes = Array(repeating: UInt8(truncatingIfNeeded: number), count: 20_000)
            do throws(EffectError) {
                acknowledged[key] = StoredValue(bytes: bytes, revision: try await storage.write(bytes, to: key))
            } catch {
                refusals.append(error)
            }
        }
        #expect(refusals.count == 5)
        #expect(refusals.allSatisfy { $0.code == .resourceExhausted && $0.outcome == .notApplied })
        #expect(refusals.allSatisfy { $0.message.contains("disk is full") })
        #expect(acknowledged.count > 20)
        try await expect(storage, holds: acknowledged)

        try FileManager.default.removeItem(atPath: ballast)
        let after = try await storage.transact([.write([1], to: "after"), .write([2], to: "too")])
        acknowledged["after"] = StoredValue(bytes: [1], revision: try #require(after[0]))
        acknowledged["too"] = StoredValue(bytes: [2], revision: try #require(after[1]))
        try await expect(storage, holds: acknowledged)
        await storage.close()
        let reopened = try await context.storage(path)
        try await expect(reopened, holds: acknowledged)
        await reopened.close()
    }

    @Test("a disk that fills up amid a transaction leaves nothing of it behind")
    func fullAmidTransaction() async throws {
        let disk = try SmallDisk(megabytes: 2)
        let path = "\(disk.path)/storage"
        let storage = try await context.storage(path)
        let revision = try await storage.write([1], to: "before")
        let tooMuch = (0..<30)
            .map { StorageMutation.write(Array(repeating: 7, count: 100_000), to: StorageKey("\($0)")) }
        let error = await thrownError { () throws(EffectError) in
            try await storage.transact(tooMuch + [.remove("before")])
        }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.outcome == .notApplied)
        let before = StoredValue(bytes: [1], revision: revision)
        try await expect(storage, holds: ["before": before])
        let next = try await storage.write([2], to: "after")
        #expect(next != revision)
        await storage.close()
        let reopened = try await context.storage(path)
        try await expect(reopened, holds: ["before": before, "after": StoredValue(bytes: [2], revision: next)])
        await reopened.close()
    }

    @Test("a read-only file system is named, reads go on, and writes too once it is writable")
    func readOnlyDisk() async throws {
        let disk = try SmallDisk(megabytes: 4)
        let path = "\(disk.path)/storage"
        let storage = try await context.storage(path)
        let revision = try await storage.write([1], to: "before")
        await storage.close()

        try disk.remount("ro")
        for path in [path, "\(disk.path)/new/storage"] {
            let error = await thrownError { () throws(EffectError) in _ = try await context.storage(path) }
            #expect(error?.code == .permissionDenied || error?.code == .unavailable, "\(String(describing: error))")
            #expect(error?.message.contains(path) == true)
        }

        try disk.remount("rw")
        let reopened = try await context.storage(path)
        try await expect(reopened, holds: ["before": StoredValue(bytes: [1], revision: revision)])
        try await reopened.write([2], to: "after")
        #expect(try await allKeys(reopened) == ["after", "before"])
        await reopened.close()
    }

    private func expect(
        _ storage: FileSystemStorageHandler,
        holds expected: [StorageKey: StoredValue],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(try await allKeys(storage) == expected.keys.sorted(), sourceLocation: sourceLocation)
        for (key, value) in expected {
            let read = try await storage.read(key)
            #expect(read == value, "\(key)", sourceLocation: sourceLocation)
        }
    }
}
