/// What a log must not show: the values of keys that name secrets, and credentials within texts.
///
/// A text is searched for connection strings (`scheme://user:password@host`), for what follows a secret's name and `=`
/// (`password=…`), and for `Bearer` and `Basic` tokens. That is a net below the rule that no secret is logged, not a
/// replacement for it.
public struct LogRedaction: Sendable {
    /// What stands in the place of a secret.
    public static let mark = "<redacted>"

    /// Parts of names that name secrets, in lower-case letters and digits.
    public static let standardNames: Set<String> = [
        "password", "passwd", "pwd", "passphrase", "secret", "token", "authorization", "cookie", "credential", "apikey",
        "accesskey", "privatekey", "signingkey", "encryptionkey", "masterkey", "keymaterial", "sessionid",
        "connectionstring",
    ]

    // By their first bytes.
    private let names: [[[UInt8]]]

    /// Hides the values of keys whose names contain one of some names.
    ///
    /// - Parameter names: The names; upper and lower case, and what is neither letter nor digit, make no difference.
    public init(names: Set<String> = standardNames) {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for name in names.map({ Self.normalized($0.utf8) }) {
            if let first = name.first { table[Int(first)].append(name) }
        }
        self.names = table
    }

    /// Whether a key's value is hidden.
    public func hides(_ key: String) -> Bool { hides(normalized: Self.normalized(key.utf8)) }

    private func hides(normalized key: [UInt8]) -> Bool {
        key.indices.contains { start in
            names[Int(key[start])].contains { key[start...].starts(with: $0) }
        }
    }

    private static func normalized(_ name: some Sequence<UInt8>) -> [UInt8] {
        name.compactMap { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
            default: nil
            }
        }
    }

    /// A text without the credentials in it.
    public func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let secrets = secrets(in: bytes)
        guard !secrets.isEmpty else { return text }
        var output: [UInt8] = []
        var end = 0
        for secret in secrets where secret.upperBound > end {
            if secret.lowerBound >= end {
                output += bytes[end..<secret.lowerBound]
                output += Self.mark.utf8
            }
            end = secret.upperBound
        }
        output += bytes[end...]
        return String(decoding: output, as: UTF8.self)
    }

    /// Where secrets are, in the order of what announces them.
    private func secrets(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for index in bytes.indices {
            let secret: Range<Int>? =
                switch bytes[index] {
                case UInt8(ascii: ":"): credentials(in: bytes, behind: index)
                case UInt8(ascii: "="): assignment(in: bytes, at: index)
                case UInt8(ascii: "B"), UInt8(ascii: "b"): token(in: bytes, at: index)
                default: nil
                }
            if let secret { found.append(secret) }
        }
        return found
    }

    /// The user and password of a connection string whose scheme ends before a colon.
    private func credentials(in bytes: [UInt8], behind colon: Int) -> Range<Int>? {
        let start = colon + 3
        let slash = UInt8(ascii: "/")
        guard start < bytes.count, bytes[colon + 1] == slash, bytes[colon + 2] == slash else { return nil }
        let word = bytes[start...].prefix { !Self.endsWord($0) }
        return end(ofCredentialsIn: word).map { start..<$0 }
    }

    /// Where the `@` behind a user and a password is; `nil` where there is no password.
    private func end(ofCredentialsIn word: ArraySlice<UInt8>) -> Int? {
        let authority = word.prefix { !"/?#".utf8.contains($0) }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            return authority[..<at].contains(UInt8(ascii: ":")) ? at : nil
        }
        // A password that was not escaped may hold '/', '?' or '#'; a port holds digits only.
        guard let colon = authority.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let isPort = authority[(colon + 1)...].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isPort ? nil : word.lastIndex(of: UInt8(ascii: "@"))
    }

    /// What follows a secret's name and `=`.
    private func assignment(in bytes: [UInt8], at equals: Int) -> Range<Int>? {
        let name = bytes[..<equals].suffix(64).reversed().prefix(while: Self.isNamePart)
        guard !name.isEmpty, hides(normalized: Self.normalized(name.reversed())) else { return nil }
        var start = equals + 1
        let value: ArraySlice<UInt8>
        if start < bytes.count, bytes[start] == UInt8(ascii: "'") || bytes[start] == UInt8(ascii: "\"") {
            let quote = bytes[start]
            start += 1
            value = bytes[start...].prefix { $0 != quote }
        } else {
            value = bytes[start...].prefix { !Self.endsWord($0) && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: ";") }
        }
        return value.isEmpty ? nil : start..<value.endIndex
    }

    /// What follows the name of an authorization scheme, `Bearer` or `Basic`.
    private func token(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard start == 0 || !Self.isNamePart(bytes[start - 1]) else { return nil }
        for scheme in Self.schemes
        where bytes[start...].prefix(scheme.count).elementsEqual(scheme, by: Self.isSameLetter) {
            let value = bytes[(start + scheme.count)...].prefix { !Self.endsWord($0) }
            // Shorter ones are words of a sentence: "basic types".
            return value.count >= 12 ? value.startIndex..<value.endIndex : nil
        }
        return nil
    }

    private static let schemes = [Array("bearer ".utf8), Array("basic ".utf8)]

    private static func isSameLetter(_ byte: UInt8, _ letter: UInt8) -> Bool { byte | 0x20 == letter }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","),
            UInt8(ascii: "`"):
            true
        default: false
        }
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }
}
