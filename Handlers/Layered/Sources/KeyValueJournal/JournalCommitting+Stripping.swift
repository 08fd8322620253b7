internal import AuraEffects
internal import AuraRuntime
internal import Logging

extension JournalCommitting {
    /// Beyond a writer's patience: nobody is at work that long on what belongs to no commit.
    private static let leftoverAge = Duration.seconds(3600)

    /// Stores commits anew without what is no longer needed of them; what fails is done by the next compaction.
    func strip(_ numbers: [UInt64]) async {
        for number in numbers {
            do throws(EffectError) {
                try await stripOne(number)
            } catch {
                context.logger.debug("The commit \(number) keeps what was compacted, this time: \(error)")
            }
        }
    }

    private func stripOne(_ number: UInt64) async throws(EffectError) {
        guard let (numbered, old) = try await log.stored(number, in: "compact"), numbered.isSound,
            let commit = numbered.commit
        else { throw log.damaged(number, "compact") }
        let stripped = follower.index { $0.stripped(commit, number) }
        var note: ItemKey?
        let oldParts = old.item.parts
        if oldParts != nil || commit.entries.contains(where: \.isObject) {
            note = try await log.makeNote(of: number, commit.id, parts: oldParts)
        }
        let new = try await log.prepare(stripped, number)
        try await log.put(new.item, number, if: .matches(old.revision))
        follower.noteStripped(new.commit, number)
        if let oldParts { try await log.remove(oldParts) }
        if note != nil { try await log.payloads?.removeAll(of: commit.id) { new.commit.hasObject($0) } }
        try await log.removeNote(note)
        try await log.removeNote(new.note)
    }

    /// Removes what writers that were cut short have left beside the log; what fails is done the next time.
    func removeLeftovers() async {
        do throws(EffectError) {
            try await log.removeLeftovers(olderThan: Self.leftoverAge + patience)
        } catch {
            context.logger.debug("Leftovers beside the journal's log stay, this time: \(error)")
        }
    }
}
