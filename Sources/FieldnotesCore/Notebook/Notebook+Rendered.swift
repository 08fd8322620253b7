package import AuraEffects

extension Notebook {
    /// Every note as text, in one order and without what is this device's own: notebooks that hold the same entries are
    /// rendered the same, byte for byte, in whatever order the entries came.
    ///
    /// It is for comparing notebooks, and holds every text as a whole. The projection should be at the journal's end.
    ///
    /// - Returns: The notes in the order of their ids, each with its titles, tags and all of its texts.
    /// - Throws: What the journal and the storage throw; `corrupted` for a text that is damaged.
    package func rendered() async throws(EffectError) -> String {
        var rendered = ""
        try await forEachNote { record throws(EffectError) in
            rendered += try await render(record)
        }
        return rendered
    }

    private func render(_ record: NoteRecord) async throws(EffectError) -> String {
        var lines = [
            "note \(record.note)",
            "  title \(record.title)",
            "  tags \(record.tags.map(\.text).joined(separator: " "))",
        ]
        if let given = record.givenTitle.write {
            lines.append("  title given \(given.value.text ?? "") at \(given.stamp.text)")
        }
        if let created = record.created { lines.append("  created \(created.text)") }
        if let changed = record.changed { lines.append("  changed \(changed.text)") }
        if let source = record.source { lines.append("  source \(source.name) \(source.path)") }
        for version in record.versions {
            lines.append("  text \(version.stamp.text), \(version.byteCount) bytes, \(record.title(of: version))")
            lines.append(try await text(of: version, in: record.note).wholeText())
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Stamp {
    fileprivate var text: String { "\(timestamp.rawValue) \(origin) \(entry)" }
}

extension NoteText {
    /// The whole text.
    fileprivate func wholeText() async throws(EffectError) -> String {
        var bytes: [UInt8] = []
        var count = 0
        var part = try await part(count)
        while !part.isEmpty {
            bytes += part
            count += 1
            part = try await self.part(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
