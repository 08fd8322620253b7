internal import AuraEffects
internal import Foundation
internal import Testing

@testable internal import AuraRuntime

@Suite("Recordings as files")
struct RecordingFileTests {
    private let application: RecordedApplication

    init() throws {
        application = try RecordedApplication()
    }

    private func recordThreeCalls() async throws {
        try await application.record { effects, _ in
            try await effects.storage.write([1], to: "a")
            try await effects.storage.write([2], to: "b")
            _ = try await effects.storage.read("a")
        }
    }

    private func read(_ lines: [String]) -> RecordingFailure? {
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        do throws(RecordingFailure) {
            _ = try RecordingReader.read(bytes, path: "calls.jsonl")
            return nil
        } catch {
            return error
        }
    }

    @Test("the header says what was recorded, and how to read the lines")
    func header() async throws {
        try await recordThreeCalls()
        let lines = try application.lines
        #expect(lines.count == 5)
        #expect(
            lines[0].hasPrefix(#"{"format":"aura-recording","version":1,"application":"recorded","profile":"recorded""#)
        )
        #expect(lines[0].contains("One JSON object a line"))
        #expect(
            lines[1].hasPrefix(#"{"call":"storage.write","resource":"a","arguments":{"bytes":"AQ==""#),
            "\(lines[1])"
        )
        #expect(lines[4].hasPrefix(#"{"end":"done","calls":3,"check":""#))
        for line in lines {
            #expect(throws: Never.self) { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    @Test("its owner alone may read it")
    func permissions() async throws {
        try await recordThreeCalls()
        let attributes = try FileManager.default.attributesOfItem(atPath: application.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        try application.folder.setPermissions(0o644, of: "calls.jsonl")
        try await application.record(replaces: true) { _, _ in }
        let replaced = try FileManager.default.attributesOfItem(atPath: application.path)
        #expect((replaced[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("a file that is there is overwritten only when that is asked for")
    func existing() async throws {
        try application.folder.write(["calls.jsonl": "precious"])
        let error = await #expect(throws: RecordingFailure.self) { try await application.record { _, _ in } }
        #expect(error?.exitCode == 73)
        #expect(error?.message.contains("--replace-recording") == true)
        #expect(try application.lines == ["precious"])
        try await application.record(replaces: true) { _, _ in }
        #expect(try application.lines.count == 2)
    }

    @Test("a folder that is not there is named")
    func missingFolder() async throws {
        let error = await #expect(throws: RecordingFailure.self) {
            try await application.record(path: "\(application.folder.path)/none/calls.jsonl") { _, _ in }
        }
        #expect(error?.kind == .notWritable && error?.message.contains("none/calls.jsonl") == true)
    }

    @Test("an altered line is named by its number")
    func altered() async throws {
        try await recordThreeCalls()
        let lines = try application.lines
        for index in lines.indices {
            for place in [2, lines[index].utf8.count / 2, lines[index].utf8.count - 30, lines[index].utf8.count - 3] {
                var bytes = Array(lines[index].utf8)
                bytes[place] = bytes[place] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
                var altered = lines
                altered[index] = String(decoding: bytes, as: UTF8.self)
                let failure = read(altered)
                #expect(failure?.kind == .damaged && failure?.exitCode == 65)
                let named = failure?.message.contains(index == 0 ? "header" : "line \(index + 1) ") == true
                #expect(named, "line \(index + 1) at \(place): \(String(describing: failure))")
            }
        }
    }

    @Test("a removed, doubled or moved line is named by the number where it shows")
    func rearranged() async throws {
        try await recordThreeCalls()
        let lines = try application.lines
        for index in 1..<(lines.count - 1) {
            var removed = lines
            removed.remove(at: index)
            #expect(read(removed)?.message.contains("line \(index + 1) does not follow") == true)
            var doubled = lines
            doubled.insert(lines[index], at: index)
            #expect(read(doubled)?.message.contains("line \(index + 2) does not follow") == true)
            var swapped = lines
            swapped.swapAt(index, index + 1)
            #expect(read(swapped)?.message.contains("line \(index + 1) does not follow") == true)
        }
        #expect(read(lines + [lines[1]])?.message.contains("line 6 follows the end") == true)
        #expect(read(Array(lines.dropFirst()))?.message.contains("no header") == true)
        #expect(read(lines) == nil)
    }

    @Test("cut at any byte, it replays up to there, and says so")
    func cutOff() async throws {
        try await recordThreeCalls()
        let bytes = try application.bytes
        let whole = try RecordingReader.read(bytes, path: "whole")
        #expect(whole.ending == .closed(.done))
        var starts: [Int] = []
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        for count in 0..<bytes.count {
            let wholeLines = starts.count { $0 <= count }
            let part = Array(bytes[..<count])
            if wholeLines == 0 {
                #expect(throws: RecordingFailure.self) { _ = try RecordingReader.read(part, path: "part") }
                continue
            }
            let recording = try RecordingReader.read(part, path: "part")
            #expect(recording.ending == .cutOff(afterLine: wholeLines))
            #expect(recording.calls.count == min(3, wholeLines - 1))
        }
        try TemporaryFolder.write(Array(bytes[..<(starts[2] + 10)]), to: application.path)
        let failure = await application.failure { effects in
            try await effects.storage.write([1], to: "a")
            try await effects.storage.write([2], to: "b")
            _ = try await effects.storage.read("a")
        }
        #expect(failure?.message.contains("the recording was cut off after line 3") == true)
        #expect(
            application.log.all.contains { $0.contains("replayed up to there: the recording was cut off after line 3") }
        )
    }

    @Test("a recording of another version, and what is none, are refused by name")
    func foreign() async throws {
        try await recordThreeCalls()
        let newer = try application.lines[0].replacing(#""version":1"#, with: #""version":2"#)
        #expect(read([newer])?.message.contains("has version 2 of the format") == true)
        for text in [
            "", "text", "{}", "[]", #"{"format":"other","version":1}"#, #"{"format":"aura-journal","version":1}"#,
        ] {
            let failure = read([text])
            #expect(failure?.message.contains("it is no recording") == true, "\(text)")
        }
        let missing = await #expect(throws: RecordingFailure.self) {
            try await withReplay(of: "/nowhere/calls.jsonl", RecordedApplication.registry) { _, _ in }
        }
        #expect(missing?.exitCode == 66)
    }

    @Test("at its limit the recording ends with a warning, and the application goes on")
    func limit() async throws {
        let limit = ByteCount.kibibytes(64)
        try await application.record(limit: limit) { effects, _ in
            for round in 0..<1000 {
                try await effects.storage.write([UInt8](repeating: 1, count: 64), to: StorageKey("k\(round)"))
            }
            #expect(try await effects.storage.list(prefix: "k", after: nil, limit: 1000).items.count == 1000)
        }
        let bytes = try application.bytes
        #expect(bytes.count <= limit.bytes + 2048 && bytes.count > limit.bytes - 2048)
        let recording = try RecordingReader.read(bytes, path: "calls.jsonl")
        #expect(recording.ending == .closed(.limit))
        #expect(application.log.all.count { $0.contains("has reached its limit") } == 1)
        let failure = await application.failure { effects in
            for round in 0..<1000 {
                try await effects.storage.write([UInt8](repeating: 1, count: 64), to: StorageKey("k\(round)"))
            }
        }
        #expect(failure?.message.contains("ends at its limit, after \(recording.calls.count) calls") == true)
    }

    @Test("a full disk ends the recording with a warning, and the application goes on")
    func fullDisk() async throws {
        let disk = try SmallDisk(megabytes: 1)
        let path = "\(disk.path)/calls.jsonl"
        try await application.record(path: path) { effects, _ in
            for round in 0..<4000 {
                try await effects.storage.write([UInt8](repeating: 1, count: 256), to: StorageKey("k\(round)"))
                _ = try await effects.storage.read(StorageKey("k\(round)"))
            }
            #expect(try await effects.storage.read("k3999") != nil)
        }
        #expect(application.log.all.count { $0.contains("the disk is full") } == 1, "\(application.log.all)")
        let recording = try RecordingReader.read(path)
        #expect(recording.calls.count > 1000)
        guard case .cutOff = recording.ending else {
            Issue.record("The recording has an end: \(recording.ending)")
            return
        }
    }
}

/// A small file system in memory that really fills up.
private final class SmallDisk {
    let path: String
    private let folder: TemporaryFolder

    init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        path = "\(folder.path)/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0777", "aura-test", path)
    }

    deinit {
        try? Self.run("umount", "-l", path)
    }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = (geteuid() == 0 ? [] : ["sudo", "-n"]) + arguments
        try process.run()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "Mounting a file system for this test needs the superuser or sudo: \(arguments.joined(separator: " "))"
        )
    }
}
