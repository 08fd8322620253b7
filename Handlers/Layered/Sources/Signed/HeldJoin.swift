internal import AuraEffects

/// What an origin's new entries make with those that are held of it: a run that follows the journal's head.
struct HeldJoin {
    /// Why there is no run.
    enum Fault: Error {
        /// The entry leaves a gap, also where what is held goes on in another way than the sender's entries do.
        case gap(JournalEntry)
        /// The entry's hash does not follow from its contents and the entry before it.
        case broken(JournalEntry)
    }

    /// The run.
    let run: [JournalEntry]
    /// How many of its first entries were held before.
    let oldCount: Int

    /// Puts new entries to held ones; where they disagree, the new ones take their place.
    ///
    /// Whoever sent the held ones may have forged them: they were not covered by any signature.
    ///
    /// - Parameters:
    ///   - new: Entries of one origin beyond the journal's head; not empty.
    ///   - held: What is held.
    ///   - head: The journal's head of the origin.
    /// - Throws: ``Fault``.
    init(_ new: [JournalEntry], to held: [JournalEntry], after head: JournalFrontier.Head) throws(Fault) {
        let kept = Self.following(head, held)
        guard
            let start = Int(exactly: new[0].sequence - head.sequence - 1), start <= kept.count,
            start == 0 || new[0].extends(kept[start - 1].hash)
        else { throw .gap(new[0]) }
        var previous = start == 0 ? head : JournalFrontier.Head(kept[start - 1])
        for entry in new {
            guard entry.sequence == previous.sequence + 1 else { throw .gap(entry) }
            guard entry.extends(previous.hash) else { throw .broken(entry) }
            previous = JournalFrontier.Head(entry)
        }
        let end = start + new.count
        if end < kept.count, kept[end - 1].hash == previous.hash {
            run = kept
            oldCount = kept.count
        } else {
            run = kept[..<start] + new
            oldCount = start + zip(kept[start...], new).prefix { $0.hash == $1.hash }.count
        }
    }

    /// Those of the held entries that follow a head: it may have come further by another way, or to other entries.
    private static func following(_ head: JournalFrontier.Head, _ held: [JournalEntry]) -> [JournalEntry] {
        guard let first = held.first else { return [] }
        if first.sequence == head.sequence + 1 { return first.extends(head.hash) ? held : [] }
        guard first.sequence <= head.sequence, head.sequence - first.sequence < UInt64(held.count) else { return [] }
        let index = Int(head.sequence - first.sequence)
        return held[index].hash == head.hash ? Array(held[(index + 1)...]) : []
    }
}

extension JournalFrontier.Head {
    fileprivate init(_ entry: JournalEntry) {
        self.init(sequence: entry.sequence, hash: entry.hash)
    }
}
