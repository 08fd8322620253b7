#if Generator
/// A list in parentheses or brackets with what stands before and after it, written as the repository's format wants it: on
/// one line where that is short enough, otherwise an element a line.
indirect enum SourceText {
    case text(String)
    case list(_ before: String, _ elements: [SourceText], _ after: String)

    private static let lineLength = 120

    /// The text.
    ///
    /// - Parameters:
    ///   - level: How often the line is indented.
    ///   - reserved: How many characters come after the text on its line.
    /// - Returns: The text, with the indentation of every line but the first.
    func written(at level: Int, reserving reserved: Int = 0) -> String {
        guard case .list(let before, let elements, let after) = self else { return line }
        let line = line
        if level * 4 + line.count + reserved <= Self.lineLength || elements.isEmpty { return line }
        let isArray = after.hasPrefix("]")
        var text = before
        for (index, element) in elements.enumerated() {
            let comma = isArray || index + 1 < elements.count ? "," : ""
            text += "\n\(indentation(level + 1))"
            text += element.written(at: level + 1, reserving: comma.count) + comma
        }
        return text + "\n\(indentation(level))\(after)"
    }

    private var line: String {
        switch self {
        case .text(let text): text
        case .list(let before, let elements, let after):
            before + elements.map(\.line).joined(separator: ", ") + after
        }
    }
}

/// The blanks before a line.
func indentation(_ level: Int) -> String {
    String(repeating: "    ", count: level)
}
#endif
