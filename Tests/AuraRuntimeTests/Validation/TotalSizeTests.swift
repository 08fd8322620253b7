internal import AuraEffects
internal import AuraRuntime
internal import Testing

@Suite("What a call brings in all")
struct TotalSizeTests {
    private func code(_ body: () throws(EffectError) -> Void) -> EffectError.Code? {
        do throws(EffectError) {
            try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("an append may have as many bytes as its handler declares, over all its streams")
    func appends() {
        func appends(_ count: Int) -> [StreamAppend] {
            (0..<2)
                .map { stream in
                    let draft = JournalEntry.Draft(
                        id: EntryID(rawValue: UInt128(stream + 1)),
                        kind: "test/1",
                        payload: [UInt8](repeating: 0, count: stream == 0 ? 60 : count - 60)
                    )
                    return StreamAppend([draft], to: StreamName("\(stream)"))
                }
        }
        let limited = JournalValidation(handler: "fake", capabilities: Capabilities(limits: [.appendBytes: 100]))
        #expect(code { () throws(EffectError) in try limited.check(appends(100)) } == nil)
        #expect(code { () throws(EffectError) in try limited.check(appends(101)) } == .invalidArgument)
        let unlimited = JournalValidation(handler: "fake", capabilities: Capabilities())
        #expect(code { () throws(EffectError) in try unlimited.check(appends(101)) } == nil)
    }

    @Test("a transaction may have as many bytes as its handler declares, over all its values")
    func transactions() {
        func mutations(_ count: Int) -> [StorageMutation] {
            [
                .write([UInt8](repeating: 0, count: 60), to: "a"), .remove("b"),
                .write([UInt8](repeating: 0, count: count - 60), to: "c"),
            ]
        }
        let limited = StorageValidation(handler: "fake", capabilities: Capabilities(limits: [.transactionBytes: 100]))
        #expect(code { () throws(EffectError) in try limited.check(mutations(100)) } == nil)
        #expect(code { () throws(EffectError) in try limited.check(mutations(101)) } == .invalidArgument)
        let unlimited = StorageValidation(handler: "fake", capabilities: Capabilities())
        #expect(code { () throws(EffectError) in try unlimited.check(mutations(101)) } == nil)
    }
}
