internal import AuraEffects

/// The texts of a note that hold: one, or several that were written without knowing of one another.
///
/// It takes in each operation once. So what was replaced is noted only until it has arrived, except where it can come again.
struct NoteTexts: Hashable, Sendable {
    /// What operations brought that name the texts they replace.
    private(set) var register = MultiValueRegister<NoteVersion>()
    /// What operations of the first version brought, which name none.
    ///
    /// The latest of them replaces the others of its kind, as it always did, and nothing else: its writer cannot read operations
    /// of the second version.
    private(set) var blind = LastWriterWinsRegister<NoteVersion>()

    init() {}

    init(register: MultiValueRegister<NoteVersion>, blind: LastWriterWinsRegister<NoteVersion>) {
        self.register = register
        self.blind = blind
    }

    /// The texts that hold, the latest first.
    var versions: [NoteVersion] {
        var versions = register.versions.map(\.value)
        if let last = blind.value, !register.replaced.contains(last.entry), !register.contains(last.entry) {
            versions.append(last)
        }
        return versions.sorted(by: >)
    }

    /// Whether the text at a position holds.
    func holds(_ document: Position) -> Bool {
        register.versions.contains { $0.value.document == document }
            || (blind.value?.document == document && versions.contains { $0.document == document })
    }

    /// Takes in a text and what it replaces.
    ///
    /// - Returns: The ids that it replaces of which nobody here knows whether they have arrived yet.
    mutating func write(_ version: NoteVersion, replacing replaced: [EntryID]) -> [EntryID] {
        var unseen: [EntryID] = []
        for id in replaced where id != version.entry {
            if register.replace(id) { settle(id) } else { unseen.append(id) }
        }
        register.write(version, as: version.entry)
        settle(version.entry)
        return unseen.filter { $0.isOfOneOrigin && $0 != blind.value?.entry }
    }

    /// Takes in a text of an operation that does not name what it replaces.
    mutating func writeBlind(_ version: NoteVersion) {
        let before = blind.value?.entry
        blind.set(version, at: version.stamp)
        settle(version.entry)
        if let before { settle(before) }
    }

    mutating func setTitle(_ title: String?, of version: EntryID) {
        register.update(version) { $0.title = title }
        guard var last = blind.value, last.entry == version else { return }
        last.title = title
        blind = LastWriterWinsRegister()
        blind.set(last, at: last.stamp)
    }

    /// Drops the note that a text was replaced once it has arrived, unless it can come again.
    mutating func settle(_ id: EntryID) {
        if id.isOfOneOrigin, id != blind.value?.entry { register.forget(id) }
    }
}

extension EntryID {
    /// Whether only one origin writes an entry of this id, once: an id of random bits (a UUID of version 7) is, one that an
    /// import derives from a file is not.
    var isOfOneOrigin: Bool { rawValue >> 76 & 0xf == 7 }
}
