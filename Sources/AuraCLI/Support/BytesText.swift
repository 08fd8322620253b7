internal import AuraEffects
internal import AuraRuntime

/// Bytes of an application, for people and programs to read.
enum BytesText {
    /// The most characters of a value on a line for people.
    static let lineLength = 160

    /// The key `text` where the bytes are UTF-8, and `hex` otherwise.
    static func json(_ bytes: [UInt8]) -> JSONValue.Member {
        if let text = String(validating: bytes, as: UTF8.self) {
            JSONValue.Member(key: "text", value: .string(text))
        } else {
            JSONValue.Member(key: "hex", value: .string(Hexadecimal.string(bytes)))
        }
    }

    /// The bytes on one line: text where they are UTF-8, hexadecimal otherwise.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - isWhole: Whether a long value is shown whole.
    /// - Returns: The line, without anything that a terminal would obey.
    static func line(_ bytes: [UInt8], isWhole: Bool = false) -> String {
        let limit = isWhole ? Int.max : lineLength
        // A cut in the middle of a character must not make text look like none.
        let text = String(validating: bytes, as: UTF8.self).map { printable(String($0.prefix(limit))) }
        let line = text ?? "hex \(Hexadecimal.string(bytes.prefix(limit / 2)))"
        let shown = text == nil ? min(bytes.count, limit / 2) * 2 : min(bytes.count, limit)
        let isCut = text == nil ? shown < bytes.count * 2 : bytes.count > limit
        return isCut ? "\(line)… (\(ByteCount(bytes: bytes.count)))" : line
    }

    /// A text without what a terminal would obey: control characters are escaped.
    static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
