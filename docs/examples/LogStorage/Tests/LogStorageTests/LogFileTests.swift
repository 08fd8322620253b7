internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import LogStorage

/// What is particular to a log, beyond the laws.
@Suite("The file of a log")
struct LogFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.newFile()
    }

    @Test("a last record that was cut short anywhere is as if it had never begun")
    func tornTail() async throws {
        try await withLog { storage in
            try await storage.write([1], to: "kept")
            try await storage.write([2], to: "overwritten")
        }
        let before = try size()
        try await withLog { storage in
            try await storage.transact([.write([9, 9, 9], to: "overwritten"), .remove("kept")])
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(whole.count > before + 50)
        for count in before..<whole.count {
            try whole.prefix(count).write(to: URL(fileURLWithPath: path))
            try await withLog { storage in
                let values = [try await storage.read("kept")?.bytes, try await storage.read("overwritten")?.bytes]
                #expect(values == [[1], [2]])
            }
            #expect(try size() == before)
        }
    }

    @Test("a flipped bit is corrupted or changes nothing that is read, wherever it is")
    func flippedBits() async throws {
        let values: [StorageKey: [UInt8]] = ["a": [1, 2, 3], "b": Array("second".utf8), "c": [7]]
        try await withLog { storage in
            for (key, bytes) in values.sorted(by: { $0.key < $1.key }) { try await storage.write(bytes, to: key) }
        }
        var refusals = 0
        for offset in 0..<(try size()) {
            let copy = folder.newFile()
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            try flipBit(of: copy, at: offset)
            do {
                let storage = try await LogStorageHandler.open(LogConfiguration(path: copy), .forTests)
                for (key, bytes) in values {
                    let read = try await storage.read(key)
                    #expect(read?.bytes == bytes)
                }
                Issue.record("the bit at byte \(offset) was not noticed")
            } catch {
                #expect(error.code == .corrupted, "\(error)")
                refusals += 1
            }
        }
        #expect(refusals == (try size()))
    }

    @Test("a damaged record is named by its place, and cutting there gives back what came before")
    func damagedHead() async throws {
        try await withLog { try await $0.write([1], to: "before") }
        let place = try size()
        try await withLog { try await $0.write([2], to: "after") }
        try flipBit(of: path, at: place + LogRecord.frameCount)
        let error = await #expect(throws: EffectError.self) { try await open() }
        #expect(error?.message.contains("truncate -s \(place) '\(path)'") == true)
        try Data(contentsOf: URL(fileURLWithPath: path)).prefix(place).write(to: URL(fileURLWithPath: path))
        try await withLog { storage in
            let value = try await storage.read("before")
            #expect(value?.bytes == [1])
        }
    }

    @Test("a log with much garbage is written anew: values and revisions stay, and no revision comes back")
    func rewriting() async throws {
        let large = Array(repeating: UInt8(5), count: 20_000)
        var last = StorageRevision(rawValue: 0)
        var kept = last
        try await withLog { storage in
            kept = try await storage.write(large, to: "kept")
            for _ in 0..<100 { try await storage.write(large, to: "overwritten") }
            try await storage.remove("overwritten")
            last = try await storage.write([1], to: "removed")
            try await storage.remove("removed")
        }
        #expect(try size() > 2_000_000)
        try await withLog { storage in
            let rewritten = try size()
            let value = try await storage.read("kept")
            let page = try await storage.list(prefix: "", after: nil, limit: 10)
            let next = try await storage.write([2], to: "new")
            #expect(rewritten < 21_000)
            #expect(value == StoredValue(bytes: large, revision: kept))
            #expect(page.items.map(\.key) == ["kept"])
            #expect(next.rawValue == last.rawValue + 1)
        }
        try await withLog { storage in
            let value = try await storage.read("kept")
            #expect(value?.bytes == large)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasSuffix(".new") })
    }

    @Test("a second opening is refused while the first lasts")
    func lock() async throws {
        let first = try await open()
        let error = await #expect(throws: EffectError.self) { try await open() }
        #expect(error?.code == .unavailable)
        await first.close()
        try await open().close()
    }

    @Test("another program's file, a link and a missing folder are refused and left as they are")
    func refusals() async throws {
        try Data("something else".utf8).write(to: URL(fileURLWithPath: path))
        #expect(await #expect(throws: EffectError.self) { try await open() }?.code == .corrupted)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("something else".utf8))

        let link = folder.newFile()
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(await #expect(throws: EffectError.self) { try await open(link) }?.code == .invalidArgument)
        #expect(await #expect(throws: EffectError.self) { try await open("\(path).d/a.log") }?.code == .notFound)
    }

    @Test("the file is for its owner alone")
    func permissions() async throws {
        try await withLog { try await $0.write([1], to: "a") }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    private func open(_ path: String? = nil) async throws -> LogStorageHandler {
        try await LogStorageHandler.open(LogConfiguration(path: path ?? self.path), .forTests)
    }

    /// Opens the log, lends it, and closes it.
    private func withLog(_ body: (any StorageEffects) async throws -> Void) async throws {
        let storage = try await open()
        try await body(storage)
        await storage.close()
    }

    private func size() throws -> Int {
        try Data(contentsOf: URL(fileURLWithPath: path)).count
    }
}
