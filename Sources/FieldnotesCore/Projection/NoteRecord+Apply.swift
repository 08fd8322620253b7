internal import AuraEffects

extension NoteRecord {
    /// What taking in an operation calls for.
    struct Change: Equatable {
        /// The text that the operation brought, if it holds: its words and its title are still to be found.
        var content: NoteContent?
        /// Texts that the operation replaces and that may have been replaced before or not have arrived yet.
        var unseenTexts: [EntryID] = []
        /// Additions of tags that the operation removes and that may have been removed before or not have arrived yet.
        var unseenTags: [NoteTags.Dot] = []
    }

    /// Takes in an operation; one that it has taken in before changes nothing.
    ///
    /// Entries come in the order of their positions, which is another one in each journal. Whatever the order is, what is shown in
    /// the end is the same.
    mutating func apply(_ operation: NoteOperation, of entry: JournalEntry) -> Change {
        guard entry.position > taken else { return Change() }
        taken = entry.position
        let stamp = Stamp(entry)
        changed = max(changed ?? stamp, stamp)
        var change = Change()
        switch operation {
        case .added(let content, let tags, let source):
            create(at: stamp, from: source)
            tagged.add(tags, as: entry.id)
            change.unseenTexts = texts.write(NoteVersion(content, of: entry), replacing: [])
            change.content = content
        case .addedBlindly(let content, let tags, let source):
            create(at: stamp, from: source)
            tagged.sayBlind(tags, true, at: stamp)
            texts.writeBlind(NoteVersion(content, of: entry))
            change.content = content
        case .edited(let content, let replaced):
            change.unseenTexts = texts.write(NoteVersion(content, of: entry), replacing: replaced)
            change.content = content
        case .editedBlindly(let content):
            texts.writeBlind(NoteVersion(content, of: entry))
            change.content = content
        case .titled(let title):
            givenTitle.set(title, at: stamp)
        case .tagged(let tags):
            tagged.add(tags, as: entry.id)
        case .taggedBlindly(let tags):
            tagged.sayBlind(tags, true, at: stamp)
        case .untagged(let dots):
            change.unseenTags = tagged.remove(dots)
        case .untaggedBlindly(let tags):
            tagged.sayBlind(tags, false, at: stamp)
        case .chunk, .attached, .detached:
            break
        }
        if change.content != nil, !texts.holds(entry.position) { change.content = nil }
        return change
    }

    private mutating func create(at stamp: Stamp, from source: NoteSource?) {
        guard created.map({ stamp <= $0 }) ?? true else { return }
        created = stamp
        self.source = source
    }
}
