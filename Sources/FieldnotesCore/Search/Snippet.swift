internal import AuraEffects

/// The place in a text where a word was found, on one line.
package struct Snippet: Hashable, Sendable {
    package var before: String
    package var match: String
    package var after: String

    private static let contextBytes = 60

    /// Finds the first of the words in a text.
    ///
    /// - Parameters:
    ///   - words: The words' hashes.
    ///   - text: The text.
    /// - Returns: The first place; an empty one where none of the words is in the text.
    /// - Throws: What the journal throws.
    static func find(_ words: Set<UInt64>, in text: NoteText) async throws(EffectError) -> Snippet {
        var tokenizer = Tokenizer()
        var first: Tokenizer.Word?
        func look(_ word: Tokenizer.Word) {
            if first == nil, words.contains(word.hash) { first = word }
        }
        // A word may cross the border of two parts, so the end of the part before is kept.
        var window: [UInt8] = []
        var windowStart = 0
        var count = 0
        var part = try await text.part(count)
        while !part.isEmpty && first == nil {
            let dropped = max(0, window.count - 4 * contextBytes)
            window.removeFirst(dropped)
            windowStart += dropped
            window += part
            tokenizer.feed(part, look)
            count += 1
            part = try await text.part(count)
        }
        if first == nil { tokenizer.finish(look) }
        guard let first else { return Snippet(before: "", match: "", after: "") }
        // The part after the match's own is at hand already.
        window += part.prefix(2 * contextBytes)
        return Snippet(window, first.start - windowStart..<first.end - windowStart)
    }

    private init(_ text: [UInt8], _ match: Range<Int>) {
        let start = max(0, match.lowerBound - Self.contextBytes)
        let end = min(text.count, match.upperBound + Self.contextBytes)
        before = (start > 0 ? "…" : "") + Self.line(text[start..<match.lowerBound])
        self.match = Self.line(text[match])
        after = Self.line(text[match.upperBound..<end]) + (end < text.count ? "…" : "")
    }

    init(before: String, match: String, after: String) {
        self.before = before
        self.match = match
        self.after = after
    }

    /// The bytes as text on one line, without scalars that were cut and with every run of spaces as one.
    private static func line(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.drop { $0 & 0xc0 == 0x80 }, as: UTF8.self)
        var line = ""
        for scalar in NoteTitle.printable(text).unicodeScalars where scalar != "\u{fffd}" {
            if scalar.properties.isWhitespace {
                if line.unicodeScalars.last != " " { line.unicodeScalars.append(" ") }
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}
