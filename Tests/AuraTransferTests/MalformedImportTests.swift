internal import AuraEffects
internal import AuraMemory
internal import AuraTransfer
internal import Testing

@Suite("Malformed imports")
struct MalformedImportTests {
    @Test("is refused with its message, and nothing is merged", arguments: MalformedImport.all)
    func refusal(_ malformed: MalformedImport) async throws {
        let good = try await exported(sampleJournal())
        let lines = good.split(separator: UInt8(ascii: "\n")).map(Array.init)
        #expect(lines.count == 10)
        let bytes = malformed.bytes(lines)
        #expect(bytes != good)

        let target = journal(3)
        try await target.append([draft(70, "own")], to: "own")
        let before = try await target.frontier()
        let error = await thrownError { () throws(EffectError) in
            _ = try await JournalImport(into: target).run(from: MemorySource(bytes))
        }
        #expect(error?.message.hasPrefix(malformed.message) == true, "\(String(describing: error))")
        #expect(error?.code == malformed.code)
        #expect(error?.operation == (malformed.code == .preconditionFailed ? "merge" : "import"))
        #expect(try await target.frontier() == before)
        #expect(try await allEntries(target).count == 1)
        #expect(try await target.verify().isClean)

        // The good file is still taken.
        _ = try await JournalImport(into: target).run(from: MemorySource(good))
        #expect(try await allEntries(target).count == 8)
        #expect(try await target.verify().isClean)
    }

    @Test("there are at least forty of them, each with a name of its own")
    func count() {
        #expect(MalformedImport.all.count >= 40)
        #expect(Set(MalformedImport.all.map(\.testDescription)).count == MalformedImport.all.count)
    }
}
