package import AuraEffects

/// Turns a setting's text into a value of its declared type.
enum SettingParser {
    /// Why a text is no value of the type, to be read after the key.
    struct Refusal: Error {
        var message: String
    }

    static func parse(
        _ text: String,
        as type: SettingDeclaration.ValueType
    ) throws(Refusal) -> HandlerSettings.Value {
        switch type {
        case .string:
            return .string(text)
        case .handler:
            throw Refusal(message: "must be a handler, not '\(text)'; write '{ handler: NAME, … }'")
        case .secret:
            guard !text.isEmpty else { throw Refusal(message: "is empty; write '${secret:NAME}'") }
            return .secret(Secret(text))
        case .path:
            guard !text.isEmpty, !text.utf8.contains(0) else { throw Refusal(message: "must be a path, not empty") }
            return .string(text)
        case .integer(let range):
            return .integer(try integer(text, in: range))
        case .boolean:
            guard let value = Bool(text) else { throw Refusal(message: "must be true or false, not '\(text)'") }
            return .boolean(value)
        case .byteCount:
            return .byteCount(try byteCount(text))
        case .duration:
            return .duration(try duration(text))
        case .list:
            return .list(try list(text))
        case .choice(let words):
            guard words.contains(text) else {
                let near = nearestName(to: text, in: words).map { "; did you mean '\($0)'?" } ?? ""
                throw Refusal(message: "must be one of \(words.joined(separator: ", ")), not '\(text)'\(near)")
            }
            return .string(text)
        }
    }

    static func byteCount(_ text: String) throws(Refusal) -> ByteCount {
        let units: [String: Double] = [
            "": 1, "B": 1, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824, "TiB": 1_099_511_627_776,
        ]
        guard let (number, unit) = split(text), let factor = units[unit] else {
            throw Refusal(
                message: "must be a number of bytes such as '512', '64 KiB', '10 MiB' or '2 GiB', not '\(text)'"
            )
        }
        guard let bytes = Int(exactly: (number * factor).rounded(.down)) else {
            throw Refusal(message: "is out of range: '\(text)'")
        }
        return ByteCount(bytes: bytes)
    }

    static func duration(_ text: String) throws(Refusal) -> Duration {
        let units: [String: Double] = [
            "ns": 1, "us": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
            "d": 86_400_000_000_000,
        ]
        guard let (number, unit) = split(text), let factor = units[unit] else {
            throw Refusal(message: "must be a time with a unit such as '250ms', '60s', '5m' or '2h', not '\(text)'")
        }
        guard let nanoseconds = Int64(exactly: (number * factor).rounded()) else {
            throw Refusal(message: "is out of range: '\(text)'")
        }
        return .nanoseconds(nanoseconds)
    }

    /// Texts with commas between them, as a variable gives them; an empty text has none.
    private static func list(_ text: String) throws(Refusal) -> [String] {
        if text.allSatisfy(\.isWhitespace) { return [] }
        var elements: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            elements.append(try element(trimmed(part)))
        }
        return elements
    }

    /// One text of a list.
    static func element(_ text: String) throws(Refusal) -> String {
        guard !text.isEmpty else { throw Refusal(message: "has an empty text among its values; remove it") }
        return text
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }

    private static func integer(_ text: String, in range: ClosedRange<Int>) throws(Refusal) -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw Refusal(message: "must be a whole number \(describe(range)), not '\(text)'")
        }
        return value
    }

    private static func describe(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): "of 64 bits"
        case (let lowest, .max): "of at least \(lowest)"
        case (let lowest, let highest): "from \(lowest) to \(highest)"
        }
    }

    /// A number that is not negative, and the unit behind it.
    private static func split(_ text: String) -> (number: Double, unit: String)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard let number = Double(digits) else { return nil }
        return (number, String(text[digits.endIndex...].drop { $0 == " " }))
    }
}

extension ByteCount {
    /// A size as a profile would spell it, such as `64 KiB`.
    ///
    /// - Parameter text: The text; `nil` comes of one that is no size.
    package init?(spelled text: some StringProtocol) {
        guard let count = try? SettingParser.byteCount(String(text)) else { return nil }
        self = count
    }
}
