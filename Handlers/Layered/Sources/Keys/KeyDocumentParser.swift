internal import AuraEffects

/// Why a text is no store of keys.
struct KeyDocumentError: Error, Equatable {
    /// The line, from 1.
    var line: Int
    /// What is wrong with it.
    var message: String
}

/// Reads a ``KeyDocument``; what it accepts it writes back byte for byte.
enum KeyDocumentParser {
    /// The longest text that is read, in bytes.
    static let maximumSize = 1 << 20

    /// Takes a text apart.
    ///
    /// - Parameter text: The bytes of a document.
    /// - Returns: The document with its authentication, which is not checked yet.
    /// - Throws: ``KeyDocumentError`` that names the line.
    static func parse(_ text: [UInt8]) throws(KeyDocumentError) -> (document: KeyDocument, authentication: [UInt8]) {
        var reader = LineReader(text)
        let mark = try reader.next("'\(KeyDocument.mark)'")
        guard mark == KeyDocument.mark else {
            let isNewer = mark.hasPrefix("aura-keys/")
            throw reader.error(
                isNewer
                    ? "is of another version than this program reads; use a newer one" : "is not '\(KeyDocument.mark)'"
            )
        }
        let derivation = try derivation(&reader)
        // Before anything is derived by them: what was altered here costs nothing.
        guard derivation.refusal == nil else { throw reader.error("has a salt or costs that no store is made with") }
        let master = try reader.fields("master", count: 2)
        let box = SealedBox(nonce: try reader.bytes(master[0]), ciphertext: try reader.bytes(master[1]))
        var document = KeyDocument(derivation: derivation, master: box, versions: [])
        while true {
            let line = try reader.next("'authentication'")
            if line.hasPrefix("authentication ") {
                let authentication = try reader.bytes(reader.fields(of: line, "authentication", count: 1)[0])
                try reader.end()
                guard Array(document.text(authenticatedBy: authentication).utf8) == text else {
                    throw reader.error("or one before it is not written as this program writes it")
                }
                return (document, authentication)
            }
            document.versions.append(try version(line, after: document.versions.last, reader))
        }
    }

    private static func derivation(_ reader: inout LineReader) throws(KeyDocumentError) -> KeyDocument.Derivation {
        let line = try reader.next("'derivation'")
        let words = line.split(separator: " ", maxSplits: 8, omittingEmptySubsequences: false)
        guard words.count > 1, words[0] == "derivation" else { throw reader.error("is not 'derivation'") }
        var values: [Substring: Substring] = [:]
        for word in words.dropFirst(2) {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, values.updateValue(pair[1], forKey: pair[0]) == nil else {
                throw reader.error("has something else than KEY=VALUE")
            }
        }
        func number(_ key: Substring) throws(KeyDocumentError) -> Int {
            guard let number = values[key].flatMap({ Int($0) }), number > 0 else {
                throw reader.error("has no number '\(key)'")
            }
            return number
        }
        guard let salt = values["salt"] else { throw reader.error("has no salt") }
        let bytes = try reader.bytes(salt)
        switch words[1] {
        case "secret": return .secret(salt: bytes)
        case "wrapped":
            guard let secret = values["secret"] else { throw reader.error("has no wrapped secret") }
            return .wrapped(salt: bytes, secret: try reader.bytes(secret))
        case "pbkdf2":
            return .password(PasswordDerivation(.pbkdf2(iterations: try number("iterations")), salt: bytes))
        case "argon2id":
            let memory = ByteCount(bytes: try number("memory"))
            let (passes, lanes) = (try number("passes"), try number("lanes"))
            return .password(PasswordDerivation(.argon2id(memory: memory, passes: passes, lanes: lanes), salt: bytes))
        default: throw reader.error("names a derivation that this program does not know")
        }
    }

    private static func version(
        _ line: Substring,
        after last: KeyDocument.Version?,
        _ reader: LineReader
    ) throws(KeyDocumentError) -> KeyDocument.Version {
        let fields = try reader.fields(of: line, "key", count: 5)
        let name = KeyName(rawValue: String(fields[0]))
        guard name.isValid, let number = Int(fields[1]), let created = Int64(fields[3]) else {
            throw reader.error("is no 'key' with name, version, algorithm, time and salt")
        }
        let expected = last?.name == name ? (last?.number ?? 0) + 1 : 1
        guard number == expected, last.map({ $0.name <= name }) ?? true else {
            throw reader.error("is out of order")
        }
        return KeyDocument.Version(
            name: name,
            number: number,
            algorithm: KeyAlgorithm(rawValue: String(fields[2])),
            created: created,
            salt: try reader.bytes(fields[4])
        )
    }
}

/// Takes a text apart into lines, and these into words.
private struct LineReader {
    private var rest: Substring
    private var line = 0

    init(_ text: [UInt8]) {
        // Bytes that are not UTF-8 become others, and the text is then not the same when it is written back.
        rest = Substring(decoding: text.prefix(KeyDocumentParser.maximumSize), as: UTF8.self)
    }

    mutating func next(_ expected: String) throws(KeyDocumentError) -> Substring {
        line += 1
        guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) else {
            throw error("is cut off: \(expected) is missing")
        }
        defer { rest = rest[rest.utf8.index(after: end)...] }
        return rest[..<end]
    }

    func end() throws(KeyDocumentError) {
        guard rest.isEmpty else { throw KeyDocumentError(line: line + 1, message: "follows the last one") }
    }

    mutating func fields(_ word: String, count: Int) throws(KeyDocumentError) -> [Substring] {
        try fields(of: next("'\(word)'"), word, count: count)
    }

    func fields(of line: Substring, _ word: String, count: Int) throws(KeyDocumentError) -> [Substring] {
        let words = line.split(separator: " ", maxSplits: count + 1, omittingEmptySubsequences: false)
        guard words.count == count + 1, words[0] == word else {
            throw error("is not '\(word)' with \(count) \(count == 1 ? "field" : "fields")")
        }
        return Array(words.dropFirst())
    }

    func bytes(_ digits: Substring) throws(KeyDocumentError) -> [UInt8] {
        // Lower case alone: a store has one text, which is what is authenticated.
        guard let bytes = Hexadecimal.bytes(digits), Hexadecimal.string(bytes) == digits else {
            throw error("has bytes that are not lower-case hexadecimal")
        }
        return bytes
    }

    func error(_ message: String) -> KeyDocumentError {
        KeyDocumentError(line: line, message: message)
    }
}
