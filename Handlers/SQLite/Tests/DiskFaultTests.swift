#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
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

    @Test("a full disk refuses appends, loses nothing acknowledged, and the journal goes on once there is space")
    func fullDisk() async throws {
        let disk = try SmallDisk(megabytes: 2)
        let file = "\(disk.path)/journal.db"
        let journal = try await context.journal(file)
        let ballast = "\(disk.path)/ballast"
        try Data(count: 512 * 1024).write(to: URL(fileURLWithPath: ballast))

        var acknowledged: [EntryID] = []
        var refusal: EffectError?
        for round in 0..<200 where refusal == nil {
            let draft = JournalEntry.Draft(
                id: EntryID(time: context.time, random: context.random),
                kind: "test.appended/1",
                payload: Array(repeating: UInt8(truncatingIfNeeded: round), count: 20_000)
            )
            do throws(EffectError) {
                acknowledged += try await journal.append([draft], to: "stream").ids
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .resourceExhausted)
        #expect(refusal?.outcome == .notApplied)
        #expect(refusal?.message.contains("disk is full") == true)
        #expect(!acknowledged.isEmpty)
        #expect(try await allEntries(journal).map(\.id) == acknowledged)

        try FileManager.default.removeItem(atPath: ballast)
        acknowledged += try await journal.append([context.draft("after")], to: "stream").ids
        #expect(try await allEntries(journal).map(\.id) == acknowledged)
        #expect(try await journal.verify().isClean)
        await journal.close()
    }

    @Test("a read-only file system is named, and the journal opens and goes on once it is writable")
    func readOnlyDisk() async throws {
        let disk = try SmallDisk(megabytes: 4)
        let file = "\(disk.path)/journal.db"
        let journal = try await context.journal(file)
        let first = try await journal.append([context.draft("before")], to: "stream")
        await journal.close()

        try disk.remount("ro")
        for path in [file, "\(disk.path)/new/journal.db"] {
            let error = await thrownError { () throws(EffectError) in _ = try await context.journal(path) }
            #expect(error?.code == .permissionDenied || error?.code == .unavailable, "\(String(describing: error))")
            #expect(error?.message.contains(path) == true)
        }

        try disk.remount("rw")
        let reopened = try await context.journal(file)
        let second = try await reopened.append([context.draft("after")], to: "stream")
        #expect(try await allEntries(reopened).map(\.id) == first.ids + second.ids)
        await reopened.close()
    }
}
#endif
