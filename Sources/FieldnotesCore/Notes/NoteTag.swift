package import AuraEffects

/// A tag: lower-case text without spaces, commas or control characters, at most 64 bytes of UTF-8.
package struct NoteTag: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// Creates a tag from exactly its text; `nil` for text that is none.
    package init?(exactly text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maximumByteCount, text == text.lowercased(),
            text.unicodeScalars.allSatisfy({ Self.allows($0) })
        else { return nil }
        self.text = text
    }

    /// Creates a tag from what a user typed: `#Birds` is `birds`.
    ///
    /// - Throws: `invalidArgument` that says what a tag looks like.
    package init(typed text: String) throws(EffectError) {
        let name = text.hasPrefix("#") ? String(text.dropFirst()) : text
        guard let tag = NoteTag(exactly: name.lowercased()) else {
            throw EffectError(
                .invalidArgument,
                "'\(text)' is not a tag: use 1 to \(Self.maximumByteCount) letters, digits or signs without spaces or commas."
            )
        }
        self = tag
    }

    package var description: String { text }

    // By bytes, as tags are ordered: two spellings that look alike are two tags, on every device.
    package static func == (left: NoteTag, right: NoteTag) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xff as UInt8)
    }

    package static func < (left: NoteTag, right: NoteTag) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static let maximumByteCount = 64

    private static func allows(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control && scalar != ","
    }
}

extension [NoteTag] {
    /// The tags in their order, each once: the one form in which operations hold them.
    package var canonical: [NoteTag] { Set(self).sorted() }
}
