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

    private let names: [[UInt8]]

    /// Hides the values of keys whose names contain one of some names.
    ///
    /// - Parameter names: The names; upper and lower case, and what is neither letter nor digit, make no difference.
    public init(names: Set<String> = standardNames) {
        self.names = names.map { Self.normalized($0.utf8) }.filter { !$0.isEmpty }.sorted { $0.count < $1.count }
    }

    /// Whether a key's value is hidden.
    public func hides(_ key: String) -> Bool { hides(key.utf8) }

    private func hides(_ key: some Sequence<UInt8>) -> Bool {
        let key = Self.normalized(key)
        return names.contains { name in
            guard name.count <= key.count else { return false }
            return (0...(key.count - name.count)).contains { key[$0...].starts(with: name) }
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
        var secrets = credentials(in: bytes) + assignments(in: bytes) + tokens(in: bytes)
        guard !secrets.isEmpty else { return text }
        secrets.sort { $0.lowerBound < $1.lowerBound }
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

    /// The user and password of connection strings.
    private func credentials(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while let start = bytes[index...].firstRange(of: "://".utf8)?.upperBound {
            index = start
            let word = bytes[start...].prefix { !Self.endsWord($0) }
            guard let at = end(ofCredentialsIn: word) else { continue }
            found.append(start..<at)
            index = at
        }
        return found
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
    private func assignments(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for equals in bytes.indices where bytes[equals] == UInt8(ascii: "=") {
            let before = bytes[..<equals].suffix(64)
            let nameStart = before.lastIndex { !Self.isNamePart($0) }.map { $0 + 1 } ?? before.startIndex
            guard nameStart < equals, hides(bytes[nameStart..<equals]) else { continue }
            var start = equals + 1
            let quotes = "'\"".utf8
            let value: ArraySlice<UInt8>
            if start < bytes.count, quotes.contains(bytes[start]) {
                let quote = bytes[start]
                start += 1
                value = bytes[start...].prefix { $0 != quote }
            } else {
                value = bytes[start...]
                    .prefix { !Self.endsWord($0) && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: ";") }
            }
            if !value.isEmpty { found.append(start..<value.endIndex) }
        }
        return found
    }

    /// What follows the names of the authorization schemes `Bearer` and `Basic`.
    private func tokens(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for scheme in ["bearer ", "basic "] {
            let name = Array(scheme.utf8)
            for start in bytes.indices where bytes[start] | 0x20 == name[0] {
                let isWord = start == 0 || !Self.isNamePart(bytes[start - 1])
                guard isWord, bytes[start...].prefix(name.count).elementsEqual(name, by: { $0 | 0x20 == $1 | 0x20 })
                else { continue }
                let value = bytes[(start + name.count)...].prefix { !Self.endsWord($0) }
                // Shorter ones are words of a sentence: "basic types".
                if value.count >= 12 { found.append(value.startIndex..<value.endIndex) }
            }
        }
        return found
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || "\"'<>,`".utf8.contains(byte)
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
