internal import AuraEffects

/// The tags of a note.
///
/// It takes in each operation once. So a removal is noted only until its addition has arrived, except where that can come again.
struct NoteTags: Hashable, Sendable {
    typealias Dot = ObservedRemoveSet<NoteTag>.Dot

    /// What operations say of a tag that do not name what they have seen.
    struct BlindSay: Hashable, Sendable {
        let tag: NoteTag
        var isSet = LastWriterWinsRegister<Say>()
    }

    /// Whether a note has a tag.
    enum Say: Comparable, Hashable, Sendable {
        case no
        case yes
    }

    /// What operations added and removed that name what they have seen.
    private(set) var set = ObservedRemoveSet<NoteTag>()
    /// What operations of the first version say, in the order of the tags.
    ///
    /// Per tag the last of them holds among its kind, as it always did: if it adds the tag, it counts as an addition that a
    /// removal can name.
    private(set) var blind: [BlindSay] = []

    init() {}

    init(set: ObservedRemoveSet<NoteTag>, blind: [BlindSay]) {
        self.set = set
        self.blind = blind
    }

    /// The tags in their order.
    var tags: [NoteTag] {
        OrderedElements(set.elements + blind.compactMap(addition).map(\.element)).elements
    }

    /// What a removal of a tag names.
    func dots(of tag: NoteTag) -> [Dot] {
        let said = blind.filter { $0.tag == tag }.compactMap(addition)
        return OrderedElements(set.dots(of: tag) + said).elements
    }

    /// Takes in additions by an entry.
    mutating func add(_ tags: [NoteTag], as id: EntryID) {
        for tag in tags {
            let dot = Dot(element: tag, id: id)
            set.add(dot)
            settle(dot)
        }
    }

    /// Takes in a removal.
    ///
    /// - Returns: The dots of which nobody here knows whether their additions have arrived yet.
    mutating func remove(_ dots: [Dot]) -> [Dot] {
        var unseen: [Dot] = []
        for dot in dots {
            if set.remove(dot) { settle(dot) } else { unseen.append(dot) }
        }
        return unseen.filter { $0.id.isOfOneOrigin && !isBlind($0) }
    }

    /// Takes in what an operation says that does not name what it has seen.
    mutating func sayBlind(_ tags: [NoteTag], _ isSet: Bool, at stamp: Stamp) {
        for tag in tags {
            let before = blind.first { $0.tag == tag }?.isSet.write?.stamp.entry
            var say = BlindSay(tag: tag)
            say.isSet.set(isSet ? .yes : .no, at: stamp)
            merge(say)
            for id in [before, stamp.entry] {
                if let id { settle(Dot(element: tag, id: id)) }
            }
        }
    }

    /// Drops the note of a removal once its addition has arrived, unless it can come again.
    mutating func settle(_ dot: Dot) {
        if dot.id.isOfOneOrigin, !isBlind(dot) { set.forget(dot) }
    }

    private mutating func merge(_ say: BlindSay) {
        let index = blind.firstIndex { $0.tag >= say.tag } ?? blind.endIndex
        if index < blind.endIndex, blind[index].tag == say.tag {
            blind[index].isSet.merge(say.isSet)
        } else {
            blind.insert(say, at: index)
        }
    }

    /// The addition that holds of a tag that an operation of the first version added.
    private func addition(_ say: BlindSay) -> Dot? {
        guard let write = say.isSet.write, write.value == .yes else { return nil }
        let dot = Dot(element: say.tag, id: write.stamp.entry)
        return set.removed.contains(dot) ? nil : dot
    }

    private func isBlind(_ dot: Dot) -> Bool {
        blind.contains { $0.tag == dot.element && $0.isSet.write?.stamp.entry == dot.id }
    }
}
