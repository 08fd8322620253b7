package import AuraEffects

/// What a note's operations add up to, in whatever order they came.
package struct NoteRecord: Hashable, Sendable {
    /// The text that holds.
    package struct Current: Hashable, Sendable {
        /// Of the operation that brought it.
        package var stamp: Stamp
        package var entry: EntryID
        /// That operation's position: what the search index calls the text.
        package var document: Position
        package var digest: SHA256Digest
        package var byteCount: Int
        package var title: String
    }

    /// The last say on a tag.
    struct TagState: Hashable, Sendable {
        var tag: NoteTag
        var stamp: Stamp
        var isSet: Bool
    }

    package let note: NoteID
    /// Of the first `note.added`; `nil` while another device's has not arrived yet.
    package var created: Stamp?
    /// Where the first `note.added` says that the note comes from.
    package var source: NoteSource?
    /// `nil` while no text has arrived yet: then the note is not shown.
    package var current: Current?
    /// In the order of the tags.
    var tagStates: [TagState] = []
    /// Of the last operation.
    package var changed: Stamp?

    package init(_ note: NoteID) {
        self.note = note
    }

    package var tags: [NoteTag] { tagStates.filter(\.isSet).map(\.tag) }

    package func hasTags(_ wanted: [NoteTag]) -> Bool {
        wanted.allSatisfy { tags.contains($0) }
    }

    /// Takes in an operation; one that it has taken in before changes nothing.
    ///
    /// - Returns: The content, if it is the one that holds now: its title is still to be set.
    mutating func apply(_ operation: NoteOperation, of entry: JournalEntry) -> NoteContent? {
        let stamp = Stamp(entry)
        changed = max(changed ?? stamp, stamp)
        switch operation {
        case .added(let content, let tags, let source):
            if created.map({ stamp <= $0 }) ?? true {
                created = stamp
                self.source = source
            }
            set(tags, true, stamp)
            return hold(content, of: entry)
        case .edited(let content):
            return hold(content, of: entry)
        case .tagged(let tags):
            set(tags, true, stamp)
        case .untagged(let tags):
            set(tags, false, stamp)
        case .chunk:
            break
        }
        return nil
    }

    private mutating func hold(_ content: NoteContent, of entry: JournalEntry) -> NoteContent? {
        let stamp = Stamp(entry)
        if let current, current.stamp > stamp { return nil }
        current = Current(
            stamp: stamp,
            entry: entry.id,
            document: entry.position,
            digest: content.digest,
            byteCount: content.byteCount,
            title: ""
        )
        return content
    }

    private mutating func set(_ tags: [NoteTag], _ isSet: Bool, _ stamp: Stamp) {
        for tag in tags {
            let state = TagState(tag: tag, stamp: stamp, isSet: isSet)
            guard let index = tagStates.firstIndex(where: { $0.tag >= tag }) else {
                tagStates.append(state)
                continue
            }
            if tagStates[index].tag != tag {
                tagStates.insert(state, at: index)
            } else if tagStates[index].stamp < stamp {
                tagStates[index] = state
            }
        }
    }
}
