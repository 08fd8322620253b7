internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import Foundation
internal import Testing

@Suite("The intent log")
struct LogTests {
    let context = HandlerContext.system()
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The folder as a crash leaves it now: a copy of its own.
    private func crashed(_ path: String, _ name: String) async throws -> String {
        let copy = folder.file(name)
        let lock = try await HeldLock(of: path)
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        withExtendedLifetime(lock) {}
        return copy
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test("of a half-written intent nothing is applied, wherever it ends, and of a whole one everything")
    func everyTruncation() async throws {
        let path = folder.file("storage")
        let storage = try await context.storage(path)
        let kept = StoredValue(bytes: [1], revision: try await storage.write([1], to: "kept"))
        let removed = StoredValue(bytes: [2], revision: try await storage.write([2], to: "removed"))
        let before = try bytes("\(path)/log")
        let results = try await storage.transact([
            .write(Array("left".utf8), to: "left"), .remove("removed"), .write(Array("right".utf8), to: "right"),
            .write([3], to: "kept"),
        ])
        let after = try bytes("\(path)/log")
        let copy = try await crashed(path, "copy")
        await storage.close()
        try #require(after.count > before.count)
        for length in before.count...after.count {
            // As the header was while the intent was written, and as much of the intent as had reached the disk.
            try write(before + after[before.count..<length], to: "\(copy)/log")
            let attempt = folder.file("attempt")
            try FileManager.default.copyItem(atPath: copy, toPath: attempt)
            let opened = try await context.storage(attempt)
            let keys = try await allKeys(opened)
            if length == after.count {
                #expect(keys == ["kept", "left", "right"])
                #expect(try await opened.read("kept") == StoredValue(bytes: [3], revision: try #require(results[3])))
                #expect(try await opened.read("left")?.bytes == Array("left".utf8))
                #expect(try await opened.read("removed") == nil)
            } else {
                #expect(keys == ["kept", "removed"], "\(length - before.count) bytes of the intent")
                #expect(try await opened.read("kept") == kept)
                #expect(try await opened.read("removed") == removed)
                #expect(try await opened.read("left") == nil)
            }
            let next = try await opened.write([4], to: "next")
            #expect(!results.contains(next))
            await opened.close()
            try FileManager.default.removeItem(atPath: attempt)
        }
    }

    @Test("a log that lost what it had synced is corrupted, and names itself")
    func truncatedAfterSync() async throws {
        let path = folder.file("storage")
        let storage = try await context.storage(path)
        try await storage.write(Array(repeating: 1, count: 100), to: "key")
        let copy = try await crashed(path, "copy")
        await storage.close()
        let log = try bytes("\(copy)/log")
        for length in [log.count - 1, log.count - 150, 4096, 600, 40, 0] {
            try write(log.prefix(length), to: "\(copy)/log")
            let error = await thrownError { () throws(EffectError) in _ = try await context.storage(copy) }
            // A lost value is noticed by its reader, a lost record by the opening.
            if let error {
                #expect(error.code == .corrupted, "\(length): \(error)")
                #expect(error.message.contains("log"))
            } else {
                Issue.record("a log of \(length) bytes of \(log.count) was opened")
            }
        }
    }

    @Test("a flipped byte anywhere in the log is never a wrong value")
    func flippedInLog() async throws {
        let path = folder.file("storage")
        let storage = try await context.storage(path)
        let marker = Array("the-payload-that-no-error-prints".utf8)
        try await storage.write(marker, to: "first")
        try await storage.transact([.write(marker + [1], to: "second"), .write(marker + [2], to: "third")])
        let copy = try await crashed(path, "copy")
        await storage.close()
        let log = try bytes("\(copy)/log")
        let places = Array(0..<48) + Array(512..<536) + Array(4096..<log.count)
        for place in places {
            var damaged = log
            damaged[place] ^= 0x04
            try write(damaged, to: "\(copy)/log")
            let attempt = folder.file("attempt")
            try FileManager.default.copyItem(atPath: copy, toPath: attempt)
            defer { try? FileManager.default.removeItem(atPath: attempt) }
            var opened: FileSystemStorageHandler?
            let refusal = await thrownError { () throws(EffectError) in opened = try await context.storage(attempt) }
            if let refusal {
                let isNamed = refusal.code == .corrupted || refusal.code == .unsupported
                #expect(isNamed && !"\(refusal)".contains("payload"), "byte \(place): \(refusal)")
                continue
            }
            let storage = try #require(opened)
            for (key, bytes) in [("first", marker), ("second", marker + [1]), ("third", marker + [2])] {
                var value: StoredValue?
                let error = await thrownError { () throws(EffectError) in
                    value = try await storage.read(StorageKey(key))
                }
                if let error {
                    #expect(error.code == .corrupted, "byte \(place): \(error)")
                } else {
                    #expect(value?.bytes == bytes, "byte \(place) of the log, '\(key)'")
                }
            }
            await storage.close()
        }
    }

    @Test("damage in the log stays damage in the file that a checkpoint makes of it")
    func damageOutlivesCheckpoint() async throws {
        let path = folder.file("storage")
        let storage = try await context.storage(path)
        let value = Array("a value that is damaged".utf8)
        try await storage.write(value, to: "damaged")
        try await storage.write([1], to: "sound")
        let log = try Data(contentsOf: URL(fileURLWithPath: "\(path)/log"))
        try flip("\(path)/log", at: try #require(log.range(of: Data(value))).lowerBound)
        #expect(
            await thrownError { () throws(EffectError) in _ = try await storage.read("damaged") }?.code == .corrupted
        )
        await storage.close()
        let reopened = try await context.storage(path)
        #expect(
            await thrownError { () throws(EffectError) in _ = try await reopened.read("damaged") }?.code == .corrupted
        )
        #expect(try await reopened.read("sound")?.bytes == [1])
        await reopened.close()
    }

    @Test("a flipped byte anywhere in a value's file, or the file gone, is corrupted")
    func flippedInValue() async throws {
        let path = folder.file("storage")
        let storage = try await context.storage(path)
        let marker = Array("the-payload-that-no-error-prints".utf8)
        try await storage.write(marker, to: "key")
        await storage.close()
        let file = try valueFile(in: path, holding: marker)
        let reopened = try await context.storage(path)
        for place in 0..<(try bytes(file).count) {
            try flip(file, at: place)
            let error = await thrownError { () throws(EffectError) in _ = try await reopened.read("key") }
            #expect(error?.code == .corrupted, "byte \(place)")
            #expect(error.map { !"\($0)".contains("payload") } == true)
            try flip(file, at: place)
        }
        #expect(try await reopened.read("key")?.bytes == marker)
        try FileManager.default.removeItem(atPath: file)
        #expect(await thrownError { () throws(EffectError) in _ = try await reopened.read("key") }?.code == .corrupted)
        try await reopened.write([1], to: "key")
        #expect(try await reopened.read("key")?.bytes == [1])
        await reopened.close()
    }

    @Test("a flipped byte anywhere in the index is corrupted or changes nothing")
    func flippedInIndex() async throws {
        let path = folder.file("storage")
        let storage = try await context.storage(path)
        for number in 0..<5 { try await storage.write([UInt8(number)], to: StorageKey("key \(number)")) }
        let page = try await storage.list(prefix: "", after: nil, limit: 10)
        await storage.close()
        for place in 0..<(try bytes("\(path)/index").count) {
            try flip("\(path)/index", at: place)
            var found: StoragePage?
            let error = await thrownError { () throws(EffectError) in found = try await listing(of: path) }
            let isNamed = error?.code == .corrupted || error?.code == .unsupported
            #expect(found == page || isNamed, "byte \(place): \(String(describing: error))")
            try flip("\(path)/index", at: place)
        }
    }

    /// Opens a storage, lists it, and closes it.
    private func listing(of path: String) async throws(EffectError) -> StoragePage {
        let storage = try await context.storage(path)
        let result: Result<StoragePage, EffectError>
        do throws(EffectError) {
            result = .success(try await storage.list(prefix: "", after: nil, limit: 10))
        } catch {
            result = .failure(error)
        }
        await storage.close()
        return try result.get()
    }
}
