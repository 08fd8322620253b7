internal import AuraEffects
internal import AuraMemory
internal import Testing

/// The code of the error that `body` throws; `nil` where it throws none.
func errorCode(_ body: () async throws(EffectError) -> Void) async -> EffectError.Code? {
    do throws(EffectError) {
        try await body()
        return nil
    } catch {
        return error.code
    }
}

/// Makes drafts with ids that count up.
struct DraftMaker {
    private var lastID: UInt128

    init(firstID: UInt128 = 1) {
        lastID = firstID - 1
    }

    mutating func draft(_ text: String) -> JournalEntry.Draft {
        lastID += 1
        return JournalEntry.Draft(id: EntryID(rawValue: lastID), kind: "test/1", payload: Array(text.utf8))
    }

    mutating func drafts(_ count: Int) -> [JournalEntry.Draft] {
        (0..<count).map { draft("entry \($0)") }
    }
}

/// A journal whose origin is a small number.
func journal(_ origin: UInt128, time: any TimeEffects = ManualTimeHandler()) -> MemoryJournalHandler {
    MemoryJournalHandler(time: time, origin: OriginID(rawValue: origin))
}

/// Brings everything of one journal that another lacks into that other.
func replicate(_ source: MemoryJournalHandler, into target: MemoryJournalHandler, pageSize: Int = 3) async throws {
    while true {
        let batch = try await source.entries(beyond: target.frontier(), limit: pageSize)
        _ = try await target.merge(batch)
        if !batch.hasMore { return }
    }
}
