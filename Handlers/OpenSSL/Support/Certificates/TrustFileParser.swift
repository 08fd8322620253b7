#if OpenSSL
package import AuraEffects
internal import AuraRuntime

extension TrustFile {
    /// Reads the text of a trust store.
    ///
    /// - Parameters:
    ///   - bytes: The file's bytes.
    ///   - place: How messages name the file.
    /// - Throws: ``EffectError``: `corrupted` with the line that cannot be read, `unsupported` for another version.
    package init(parsing bytes: [UInt8], from place: String) throws(EffectError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EffectError(.corrupted, "\(place) is not UTF-8 text: restore it from a backup.")
        }
        var rows = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
        if rows.last?.isEmpty == true { rows.removeLast() }
        try Self.checkHeader(rows.first ?? "", place)
        lines = []
        var names: [KeyFingerprint: Int] = [:]
        for (index, row) in rows.enumerated().dropFirst() {
            let entry: Entry?
            do throws(Malformed) {
                entry = try Self.entry(row)
            } catch {
                throw EffectError(.corrupted, "\(place), line \(index + 1): \(error.message)")
            }
            if case .pin(_, let key) = entry, let first = names.updateValue(index + 1, forKey: key) {
                throw EffectError(
                    .corrupted,
                    "\(place), line \(index + 1): the key is pinned by line \(first) already: remove one of the two."
                )
            }
            lines.append(Line(text: String(row), entry: entry))
        }
    }

    private struct Malformed: Error {
        var message: String
    }

    private static func checkHeader(_ row: Substring, _ place: String) throws(EffectError) {
        let words = Self.words(row)
        guard words.count == 2, words[0] == "aura-trust", let version = Int(words[1]) else {
            throw EffectError(
                .corrupted,
                "\(place), line 1: it does not begin with '\(header)': restore it from a backup, or write that line first."
            )
        }
        guard version == 1 else {
            throw EffectError(
                .unsupported,
                "\(place) has version \(version), this program reads version 1: use the version of Aura that wrote it."
            )
        }
    }

    private static func entry(_ row: Substring) throws(Malformed) -> Entry? {
        let words = Self.words(row)
        switch words.first {
        case nil: return nil
        case "pin":
            guard words.count == 3 else { throw Malformed(message: "write 'pin NAME FINGERPRINT'.") }
            let name = String(words[1])
            guard PeerName.isValid(name) else { throw Malformed(message: PeerName.refusal(of: name).message) }
            return .pin(name: name, try fingerprint(words[2]))
        case "revoke":
            guard words.count == 3 else { throw Malformed(message: "write 'revoke FINGERPRINT WHEN'.") }
            let key = try fingerprint(words[1])
            guard let moment = UTCMoment.seconds(words[2]) else {
                throw Malformed(
                    message: "\(HandlerErrors.quote(String(words[2]))) is no moment: write it as 2026-01-31T09:05:00Z."
                )
            }
            return .revoke(key, since: moment)
        case let word?:
            throw Malformed(
                message: "\(HandlerErrors.quote(String(word))) is unknown: write 'pin', 'revoke' or a comment."
            )
        }
    }

    private static func fingerprint(_ word: Substring) throws(Malformed) -> KeyFingerprint {
        guard let key = KeyFingerprint(word) else {
            throw Malformed(message: "\(HandlerErrors.quote(String(word))) is no fingerprint of 64 hexadecimal digits.")
        }
        return key
    }

    /// The words of a line before a comment.
    private static func words(_ row: Substring) -> [Substring] {
        let end = row.unicodeScalars.firstIndex(of: "#") ?? row.endIndex
        return row[..<end].unicodeScalars.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(Substring.init)
    }
}

/// Moments as `2026-01-31T09:05:00Z` (RFC 3339, in UTC and without fractions).
private enum UTCMoment {
    /// Seconds since 1970-01-01T00:00:00Z; `nil` where the text is no such moment.
    static func seconds(_ text: Substring) -> Int64? {
        let bytes = Array(text.utf8)
        let pattern = Array("0000-00-00T00:00:00Z".utf8)
        guard bytes.count == pattern.count else { return nil }
        for (byte, expected) in zip(bytes, pattern) {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            guard expected == UInt8(ascii: "0") ? isDigit : byte == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int64 {
            bytes[range].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard year >= 1970, (1...12).contains(month), hour < 24, minute < 60, second < 60 else { return nil }
        // A date to days: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
        let shiftedYear = month <= 2 ? year - 1 : year
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shiftedYear / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        // A day that its month does not have comes out as another one.
        return CertificateValidity.text(seconds) == String(text) ? seconds : nil
    }
}
#endif
