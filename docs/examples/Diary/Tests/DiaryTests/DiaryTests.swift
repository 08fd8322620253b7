import AuraEffects
import AuraMemory
import Testing

@testable import diary

@Test("the latest line comes first")
func latestFirst() async throws {
    var effects = EffectSystem()
    effects.time = ManualTimeHandler()
    effects.random = SeededRandomHandler(seed: 1)
    effects.journal = MemoryJournalHandler(time: effects.time, random: effects.random)

    let diary = Diary(effects: effects)
    for line in ["one", "two", "three"] { try await diary.add(line) }

    let last = try await diary.last(2)
    #expect(last == ["three", "two"])
}
