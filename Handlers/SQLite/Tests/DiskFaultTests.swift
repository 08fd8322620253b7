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

    @Test("a disk that fills up amid a large append leaves nothing of it behind, not even in memory")
    func fullAmidAppend() async throws {
        let disk = try SmallDisk(megabytes: 3)
        let file = "\(disk.path)/journal.db"
        // A cache this small is spilled to the log while the append is written.
        let journal = try await context.journal(file) { $0.cache = .kibibytes(128) }
        try await journal.append([context.draft("before")], to: "stream")
        func drafts(_ count: Int, _ kind: EntryKind) -> [JournalEntry.Draft] {
            (0..<count)
                .map { _ in
                    JournalEntry.Draft(
                        id: EntryID(time: context.time, random: context.random),
                        kind: kind,
                        payload: Array(repeating: 1, count: 10_000)
                    )
                }
        }
        let tooMuch = drafts(600, "large/1")
        let error = await thrownError { () throws(EffectError) in
            try await journal.append(tooMuch, to: "another stream")
        }
        #expect(error?.code == .resourceExhausted)
        try await journal.append(drafts(1, "other/1"), to: "third stream")
        try await journal.append(drafts(1, "large/1"), to: "another stream")
        let entries = try await allEntries(journal)
        #expect(entries.map(\.kind) == ["test.appended/1", "other/1", "large/1"])
        #expect(entries.map(\.stream) == ["stream", "third stream", "another stream"])
        #expect(try await journal.verify().isClean)
        await journal.close()
        let reopened = try await context.journal(file)
        #expect(try await allEntries(reopened) == entries)
        await reopened.close()
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
