internal import AuraEffects

extension NoteRecord {
    /// The record as storage keeps it; another ``Checkpoint/version`` means that it is rebuilt from the journal.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.optional(created) { $1.write(to: &$0) }
        writer.optional(source) { writer, source in
            writer.text(source.name)
            writer.text(source.path)
        }
        writer.optional(current) { $1.write(to: &$0) }
        writer.list(tagStates) { writer, state in
            writer.text(state.tag.text)
            state.stamp.write(to: &writer)
            writer.number(state.isSet ? 1 : 0)
        }
        writer.optional(changed) { $1.write(to: &$0) }
        return writer.bytes
    }

    /// Reads a record from storage.
    init(_ note: NoteID, encoded: [UInt8]) throws(MalformedBytes) {
        self.note = note
        var reader = ByteReader(encoded)
        created = try reader.optional { reader throws(MalformedBytes) in try Stamp(from: &reader) }
        source = try reader.optional { reader throws(MalformedBytes) in
            NoteSource(name: try reader.text(), path: try reader.text())
        }
        current = try reader.optional { reader throws(MalformedBytes) in try Current(from: &reader) }
        tagStates = try reader.list { reader throws(MalformedBytes) in
            guard let tag = NoteTag(exactly: try reader.text()) else {
                throw reader.malformed("a text that is not a tag")
            }
            return TagState(tag: tag, stamp: try Stamp(from: &reader), isSet: try reader.number() == 1)
        }
        changed = try reader.optional { reader throws(MalformedBytes) in try Stamp(from: &reader) }
        try reader.finish()
    }
}

extension NoteRecord.Current {
    fileprivate func write(to writer: inout ByteWriter) {
        stamp.write(to: &writer)
        writer.fixed(entry.rawValue)
        writer.number(document.rawValue)
        writer.digest(digest)
        writer.count(byteCount)
        writer.text(title)
    }

    fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
        stamp = try Stamp(from: &reader)
        entry = EntryID(rawValue: try reader.fixed128())
        document = Position(rawValue: try reader.number())
        digest = try reader.digest()
        byteCount = try reader.count()
        title = try reader.text()
    }
}
