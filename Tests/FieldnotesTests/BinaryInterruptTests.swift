#if SQLite
internal import Foundation
internal import Testing

@testable internal import FieldnotesCore

@Suite("An import of the built application that is interrupted")
struct BinaryInterruptTests {
    private static let fileCount = 500

    private func makeTree(in folder: TemporaryFolder) throws {
        for number in 0..<Self.fileCount {
            let parent = folder.file("tree/\(number % 10)")
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            let text = (0..<40).map { "heron \(number) saw word\(number * 7 + $0)" }.joined(separator: "\n")
            try text.write(toFile: "\(parent)/note-\(number).txt", atomically: false, encoding: .utf8)
        }
        try ImportTests.largeText.write(toFile: folder.file("tree/large.log"), atomically: false, encoding: .utf8)
    }

    @Test("goes on where it was: nothing is lost, nothing comes twice", arguments: [SIGINT, SIGKILL])
    func interrupt(signal: Int32) async throws {
        let whole = try BuiltApplication()
        try makeTree(in: whole.folder)
        var duration = try await importTree(whole, signal: nil).duration

        let runs = Soak.count(10, soak: 50)
        var unfinished = 0
        for seed in 0..<UInt64(10 * runs) where seed < runs || unfinished < runs / 2 {
            var generator = Generator(seed: seed)
            let application = try BuiltApplication()
            try makeTree(in: application.folder)
            let delay = duration * Double.random(in: 0..<0.8, using: &generator)
            let (process, took) = try await importTree(application, signal: signal, after: delay)
            if process.terminationReason == .uncaughtSignal {
                #expect(process.terminationStatus == SIGKILL)
                unfinished += 1
            } else if process.terminationStatus != 0 {
                #expect(process.terminationStatus == 130)
                unfinished += 1
            } else {
                // Quicker than the ones before: a busy machine is less so now.
                duration = took
            }
            try resume(application)
        }
        #expect(unfinished >= runs / 2, "only \(unfinished) imports were interrupted before they were done")
    }

    /// Imports the tree and interrupts it some time after its journal is there.
    private func importTree(
        _ application: BuiltApplication,
        signal: Int32?,
        after delay: Duration = .zero
    ) async throws -> (process: Process, duration: Duration) {
        let (process, _, messages) = try application.start(["import", "tree"])
        let journal = application.folder.file("journal.db")
        while process.isRunning, !FileManager.default.fileExists(atPath: journal) {
            try await Task.sleep(for: .milliseconds(1))
        }
        let start = ContinuousClock.now
        if let signal {
            try await Task.sleep(for: delay)
            kill(process.processIdentifier, signal)
        }
        _ = messages.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process, ContinuousClock.now - start)
    }

    /// Runs the import again and checks all that there is.
    private func resume(_ application: BuiltApplication) throws {
        let resumed = try application.run("import", "tree", "--json")
        #expect(resumed.status == 0, "\(resumed.output)")
        let report = try application.json(resumed.output)
        #expect(report["files"] as? Int == Self.fileCount + 1)
        #expect(report["edited"] as? Int == 0)
        let statistics = try application.json(try application.run("stats", "--json").output)
        #expect(statistics["notes"] as? Int == Self.fileCount + 1)
        // One entry for each small file, and for the large one its chunks and itself.
        let chunks = (ImportTests.largeText.utf8.count + NoteContent.chunkByteCount - 1) / NoteContent.chunkByteCount
        #expect(statistics["entries"] as? Int == Self.fileCount + chunks + 1)
        let verification = try application.json(try application.run("verify", "--json").output)
        #expect(verification["clean"] as? Bool == true, "\(verification)")
        let search = try application.json(
            try application.run("search", "saw", "heron", "--limit", "1000", "--json").output
        )
        #expect((search["hits"] as? [Any])?.count == Self.fileCount)
        let again = try application.json(try application.run("import", "tree", "--json").output)
        #expect(again["unchanged"] as? Int == Self.fileCount + 1)
    }
}
#endif
