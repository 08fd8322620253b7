/// The title of a text: its first line that has a letter or a digit, without the marks around it.
package enum NoteTitle {
    private static let maximumCharacters = 80
    private static let searchedBytes = 4096

    /// Finds the title in the first part of a text.
    static func find(in part: [UInt8]) -> String? {
        for line in part.prefix(searchedBytes).split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            let text = String(decoding: line, as: UTF8.self).unicodeScalars
            guard let first = text.firstIndex(where: isWordScalar), let last = text.lastIndex(where: isNoMark) else {
                continue
            }
            return printable(String(text[first...max(first, last)]).prefix(maximumCharacters))
        }
        return nil
    }

    /// The text without what would move a terminal's cursor.
    package static func printable(_ text: some StringProtocol) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func isNoMark(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && !["#", "*", "=", "-", "_", "\u{fffd}"].contains(scalar)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
