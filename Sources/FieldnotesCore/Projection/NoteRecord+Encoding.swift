internal import AuraEffects

extension NoteRecord {
    /// The record as storage keeps it; another ``Checkpoint/version`` means that it is rebuilt from the journal.
    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.number(taken.rawValue)
        writer.optional(created) { $1.write(to: &$0) }
        writer.optional(source) { writer, source in
            writer.text(source.name)
            writer.text(source.path)
        }
        writer.optional(changed) { [created] in $1.write(to: &$0, unless: created) }
        writer.optional(givenTitle.write) { writer, write in
            write.stamp.write(to: &writer)
            writer.optional(write.value.text) { $0.text($1) }
        }
        texts.write(to: &writer, created)
        tagged.write(to: &writer)
        return writer.bytes
    }

    /// Reads a record from storage.
    init(_ note: NoteID, encoded: [UInt8]) throws(MalformedBytes) {
        self.init(note)
        var reader = ByteReader(encoded)
        taken = Position(rawValue: try reader.number())
        created = try reader.optional { reader throws(MalformedBytes) in try Stamp(from: &reader) }
        source = try reader.optional { reader throws(MalformedBytes) in
            NoteSource(name: try reader.text(), path: try reader.text())
        }
        changed = try reader.optional { [created] reader throws(MalformedBytes) in
            try Stamp(from: &reader, unless: created)
        }
        if try reader.number() == 1 {
            let stamp = try Stamp(from: &reader)
            let title = try reader.optional { reader throws(MalformedBytes) in try reader.text() }
            givenTitle.set(GivenTitle(title), at: stamp)
        }
        texts = try NoteTexts(from: &reader, created)
        tagged = try NoteTags(from: &reader)
        try reader.finish()
    }
}

extension NoteTexts {
    fileprivate func write(to writer: inout ByteWriter, _ created: Stamp?) {
        writer.list(register.versions) { $1.value.write(to: &$0, created) }
        writer.list(register.replaced.elements) { $0.fixed($1.rawValue) }
        writer.optional(blind.value) { $1.write(to: &$0, created) }
    }

    fileprivate init(from reader: inout ByteReader, _ created: Stamp?) throws(MalformedBytes) {
        var register = MultiValueRegister<NoteVersion>()
        func version(_ reader: inout ByteReader) throws(MalformedBytes) -> NoteVersion {
            try NoteVersion(from: &reader, created)
        }
        for version in try reader.list(version) {
            register.write(version, as: version.entry)
        }
        for id in try reader.list({ reader throws(MalformedBytes) in EntryID(rawValue: try reader.fixed128()) }) {
            register.replace(id)
        }
        var blind = LastWriterWinsRegister<NoteVersion>()
        if let version = try reader.optional(version) {
            blind.set(version, at: version.stamp)
        }
        self.init(register: register, blind: blind)
    }
}

extension NoteTags {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.list(set.added.elements) { $1.write(to: &$0) }
        writer.list(set.removed.elements) { $1.write(to: &$0) }
        writer.list(blind) { writer, say in
            writer.text(say.tag.text)
            writer.optional(say.isSet.write) { writer, write in
                write.stamp.write(to: &writer)
                writer.number(write.value == .yes ? 1 : 0)
            }
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
        var set = ObservedRemoveSet<NoteTag>()
        for dot in try reader.list({ reader throws(MalformedBytes) in try Dot(from: &reader) }) { set.add(dot) }
        for dot in try reader.list({ reader throws(MalformedBytes) in try Dot(from: &reader) }) { set.remove(dot) }
        let blind = try reader.list { reader throws(MalformedBytes) in
            var say = BlindSay(tag: try NoteTag(from: &reader))
            if try reader.number() == 1 {
                let stamp = try Stamp(from: &reader)
                say.isSet.set(try reader.number() == 1 ? .yes : .no, at: stamp)
            }
            return say
        }
        self.init(set: set, blind: blind)
    }
}

extension NoteVersion {
    fileprivate func write(to writer: inout ByteWriter, _ created: Stamp?) {
        stamp.write(to: &writer, unless: created)
        writer.number(document.rawValue)
        writer.digest(digest)
        writer.count(byteCount)
        writer.optional(title) { $0.text($1) }
    }

    fileprivate init(from reader: inout ByteReader, _ created: Stamp?) throws(MalformedBytes) {
        self.init(
            stamp: try Stamp(from: &reader, unless: created),
            document: Position(rawValue: try reader.number()),
            digest: try reader.digest(),
            byteCount: try reader.count(),
            title: try reader.optional { reader throws(MalformedBytes) in try reader.text() }
        )
    }
}

extension Stamp {
    /// Writes the stamp, as nothing but a mark where it is the one of the note's creation: of most notes it is.
    fileprivate func write(to writer: inout ByteWriter, unless created: Stamp?) {
        writer.optional(self == created ? nil : self) { $1.write(to: &$0) }
    }

    fileprivate init(from reader: inout ByteReader, unless created: Stamp?) throws(MalformedBytes) {
        let stamp = try reader.optional { reader throws(MalformedBytes) in try Stamp(from: &reader) } ?? created
        guard let stamp else { throw reader.malformed("the stamp of a creation that is not there") }
        self = stamp
    }
}

extension NoteTags.Dot {
    func write(to writer: inout ByteWriter) {
        writer.text(element.text)
        writer.fixed(id.rawValue)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(element: try NoteTag(from: &reader), id: EntryID(rawValue: try reader.fixed128()))
    }
}

extension NoteTag {
    init(from reader: inout ByteReader) throws(MalformedBytes) {
        guard let tag = NoteTag(exactly: try reader.text()) else {
            throw reader.malformed("a text that is not a tag")
        }
        self = tag
    }
}
