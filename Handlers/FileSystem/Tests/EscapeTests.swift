internal import AuraConformance
internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import Foundation
internal import Testing

@Suite("Names and links")
struct EscapeTests {
    let context = HandlerContext.system()
    let folder: TemporaryFolder
    /// The storage's folder, with something beside it that no key must reach.
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("storage")
        try Data("untouched".utf8).write(to: URL(fileURLWithPath: folder.file("outside")))
    }

    private func expectOutsideUntouched(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let text = try String(contentsOfFile: folder.file("outside"), encoding: .utf8)
        #expect(text == "untouched", sourceLocation: sourceLocation)
    }

    @Test("names that try to leave the folder lead to a file of their own within it")
    func escapes() async throws {
        let storage = try await context.storage(path)
        let texts = [
            "..", ".", "/", "//", "../outside", "../../outside", "/etc/passwd", "a/../../outside", "..\0", "\0", "a\0b",
            "a",
            "A", "log", "index", "lock", "../storage/log", "%2e%2e", "..%2foutside", "\u{e9}", "e\u{301}", "~", "con",
            "a.new",
            String(repeating: "../", count: 340), String(repeating: "k", count: 1024),
            String(repeating: "k", count: 1023) + "l",
        ]
        var revisions: [StorageRevision] = []
        for (number, text) in texts.enumerated() {
            revisions.append(try await storage.write([UInt8(number)], to: StorageKey(text), if: .absent))
        }
        await storage.close()
        let reopened = try await context.storage(path)
        for (number, text) in texts.enumerated() {
            let value = try await reopened.read(StorageKey(text))
            #expect(value == StoredValue(bytes: [UInt8(number)], revision: revisions[number]), "\(text)")
        }
        #expect(try await allKeys(reopened) == texts.map { StorageKey($0) }.sorted())
        await reopened.close()

        let files = try valueFiles(in: path)
        #expect(files.count == texts.count)
        #expect(files.allSatisfy { $0.wholeMatch(of: #/[0-9a-v]{2}/[0-9a-v]{50}/#) != nil }, "\(files)")
        try expectOutsideUntouched()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["outside", "storage"])
    }

    @Test("folders and files are the owner's alone")
    func permissions() async throws {
        let storage = try await context.storage(folder.file("made/deep/storage"))
        for number in 0..<20 { try await storage.write([1], to: StorageKey("key \(number)")) }
        await storage.close()
        let made = folder.file("made")
        let names = try FileManager.default.subpathsOfDirectory(atPath: made)
        #expect(names.count > 20)
        for path in [made] + names.map({ "\(made)/\($0)" }) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect(mode == (isFolder ? 0o700 : 0o600), "\(path) has mode \(String(mode, radix: 8))")
        }
    }

    @Test("many keys lie in bounded folders and are listed in order")
    func boundedFolders() async throws {
        let storage = try await context.storage(path) { $0.synchronous = .normal }
        let count = ProcessInfo.processInfo.environment["AURA_SOAK"] == nil ? 10_000 : 100_000
        for first in stride(from: 0, to: count, by: 5000) {
            let numbers = (first..<first + 5000)
            try await storage.transact(numbers.map { .write([1], to: StorageKey("key \(count * 9 - $0)")) })
        }
        let keys = try await allKeys(storage)
        #expect(keys.count == count)
        #expect(keys == keys.sorted())
        await storage.close()
        let files = try valueFiles(in: path)
        #expect(files.count == count)
        let folders = Dictionary(grouping: files) { $0.prefix(2) }
        let most = folders.values.map(\.count).max() ?? 0
        #expect(folders.count <= 1024)
        #expect(most <= 3 * count / 1024 + 10, "one folder holds \(most) files")
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).count <= 1024 + 4)
    }

    @Test("a folder of values that is swapped for a link is refused and never followed")
    func swappedFolder() async throws {
        let storage = try await context.storage(path) { $0.log = .kibibytes(1) }
        let large = Array(repeating: UInt8(1), count: 2000)
        let revision = try await storage.write(large, to: "key")
        try await storage.write(large, to: "other")
        // A checkpoint has ended by the time that the next call is answered.
        try await storage.remove("never")
        let file = try valueFile(in: path, holding: Array("key".utf8) + large)
        let shard = URL(fileURLWithPath: file).deletingLastPathComponent()
        let elsewhere = URL(fileURLWithPath: folder.file("elsewhere"))
        try FileManager.default.moveItem(at: shard, to: elsewhere)
        try FileManager.default.createSymbolicLink(at: shard, withDestinationURL: elsewhere)
        let names = try FileManager.default.contentsOfDirectory(atPath: elsewhere.path)
        let before = try Data(contentsOf: elsewhere.appendingPathComponent(names[0]))

        let error = await thrownError { () throws(EffectError) in _ = try await storage.read("key") }
        #expect(error?.code == .permissionDenied)
        #expect(error?.message.contains("is a link or no folder") == true)
        // It stays in the log: the checkpoint cannot put it in its place, and nothing goes through the link.
        let second = try await storage.write([2], to: "key", if: .matches(revision))
        try await storage.write(large, to: "other")
        try await storage.remove("never")
        #expect(try await storage.read("key") == StoredValue(bytes: [2], revision: second))
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == names)
        #expect(try Data(contentsOf: elsewhere.appendingPathComponent(names[0])) == before)

        try FileManager.default.removeItem(at: shard)
        try FileManager.default.moveItem(at: elsewhere, to: shard)
        #expect(try await storage.read("key") == StoredValue(bytes: [2], revision: second))
        await storage.close()
        let reopened = try await context.storage(path)
        #expect(try await reopened.read("key") == StoredValue(bytes: [2], revision: second))
        await reopened.close()
    }

    @Test("a value's file that is swapped for a link is refused")
    func swappedFile() async throws {
        let storage = try await context.storage(path)
        try await storage.write(Array("a value of its own".utf8), to: "key")
        await storage.close()
        let file = try valueFile(in: path, holding: Array("a value of its own".utf8))
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: folder.file("outside"))
        let reopened = try await context.storage(path)
        let error = await thrownError { () throws(EffectError) in _ = try await reopened.read("key") }
        #expect(error?.code == .permissionDenied, "\(String(describing: error))")
        // A value written anew takes the link's place and leaves alone what it led to.
        try await reopened.write([3], to: "key")
        await reopened.close()
        let again = try await context.storage(path)
        #expect(try await again.read("key")?.bytes == [3])
        await again.close()
        try expectOutsideUntouched()
    }

    @Test("the storage's folder swapped for a link while it is open is refused, and so is opening a link")
    func swappedRoot() async throws {
        let storage = try await context.storage(path)
        try await storage.write([1], to: "key")
        let moved = folder.file("moved")
        let decoy = folder.file("decoy")
        try FileManager.default.createDirectory(atPath: decoy, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: decoy)

        let error = await thrownError { () throws(EffectError) in _ = try await storage.write([2], to: "key") }
        #expect(error?.code == .permissionDenied)
        #expect(error?.outcome == .notApplied)
        #expect(error?.message.contains("was moved or replaced") == true)
        let opening = await thrownError { () throws(EffectError) in _ = try await context.storage(path) }
        #expect(opening?.code == .permissionDenied, "\(String(describing: opening))")
        #expect(try FileManager.default.contentsOfDirectory(atPath: decoy).isEmpty)

        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: moved, toPath: path)
        try await storage.write([3], to: "key")
        #expect(try await storage.read("key")?.bytes == [3])
        await storage.close()
    }

    @Test("a folder with somebody else's files is refused and left as it is")
    func foreignFolder() async throws {
        let error = await thrownError { () throws(EffectError) in _ = try await context.storage(folder.path) }
        #expect(error?.code == .invalidArgument)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["outside"])
    }
}
