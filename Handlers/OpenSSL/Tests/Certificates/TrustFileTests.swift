#if OpenSSL
internal import AuraEffects
internal import OpenSSLSupport
internal import Testing

@Suite("The text of a trust store")
struct TrustFileTests {
    private let first = String(repeating: "1a", count: 32)
    private let second = String(repeating: "2b", count: 32)

    private func parse(_ text: String) throws(EffectError) -> TrustFile {
        try TrustFile(parsing: Array(text.utf8), from: "trust.txt")
    }

    private func key(_ text: String) throws -> KeyFingerprint {
        try #require(KeyFingerprint(text))
    }

    @Test("what is written is read, with its comments and blank lines")
    func roundTrip() throws {
        let text = """
            aura-trust 1
            # The office, since spring: ключ

            pin office \(first)   # compared by telephone
            \trevoke  \(second)  2026-01-31T09:05:00Z
            pin office \(second.uppercased())

            """
        let file = try parse(text)
        #expect(file.text == text)
        #expect(
            try file.entries == [
                .pin(name: "office", key(first)), .revoke(key(second), since: Sample.now),
                .pin(name: "office", key(second)),
            ]
        )
        #expect(try file.keys(named: "office") == [key(first), key(second)])
        #expect(try file.revoked == [key(second): Sample.now])
        #expect(try parse(String(text.dropLast())).text == text)
        #expect(try parse(text.replacing("\n", with: "\r\n")).entries == file.entries)
        #expect(TrustFile().text == "aura-trust 1\n" && TrustFile().entries.isEmpty)
    }

    @Test(
        "what cannot be read is refused with its line",
        arguments: [
            ("pin office", "line 2: write 'pin NAME FINGERPRINT'"),
            ("pin office 12", "line 2: '12' is no fingerprint"),
            ("pin of/fice 1", "line 2: 'of/fice' cannot be a node's name"),
            ("pin a b c", "line 2: write 'pin"),
            ("revoke \(String(repeating: "1a", count: 32))", "line 2: write 'revoke FINGERPRINT WHEN'"),
            ("revoke \(String(repeating: "1a", count: 32)) yesterday", "line 2: 'yesterday' is no moment"),
            ("trust a b", "line 2: 'trust' is unknown"),
            ("Pin a b", "line 2: 'Pin' is unknown"),
            ("\n\n# x\nrevok\u{1b}e", "line 5: 'revok\\u{1B}e' is unknown"),
        ]
    )
    func malformed(text: String, message: String) {
        let error = #expect(throws: EffectError.self) { try parse("aura-trust 1\n\(text)\n") }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("trust.txt, \(message)") == true, "\(String(describing: error))")
    }

    @Test("a key is pinned once")
    func twice() {
        let text = "aura-trust 1\npin a \(first)\n\npin b \(first.uppercased())\n"
        let error = #expect(throws: EffectError.self) { try parse(text) }
        #expect(error?.message.contains("line 4: the key is pinned by line 2 already") == true)
    }

    @Test("another version, another file and no text are refused")
    func versions() {
        let newer = #expect(throws: EffectError.self) { try parse("aura-trust 2\nsomething new\n") }
        #expect(newer?.code == .unsupported && newer?.message.contains("version 2") == true)
        for text in ["", "\n", "pin a \(first)\n", "aura-trust\n", "aura-trust one\n", "\u{FEFF}aura-trust 1\n"] {
            let error = #expect(throws: EffectError.self) { try parse(text) }
            #expect(error?.code == .corrupted && error?.message.contains("line 1") == true, "\(text)")
        }
        let bytes = Array("aura-trust 1\n# ".utf8) + [0xff, 0x0a]
        let error = #expect(throws: EffectError.self) { try TrustFile(parsing: bytes, from: "trust.txt") }
        #expect(error?.message.contains("is not UTF-8") == true)
    }

    @Test(
        "a moment that no calendar has is refused",
        arguments: [
            "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T09:60:00Z", "2026-01-31T09:05:60Z",
            "2026-01-31 09:05:00Z", "2026-01-31T09:05:00+00:00", "2026-01-31T09:05Z", "1969-12-31T23:59:59Z",
            "2026-1-31T09:05:00Z0",
        ]
    )
    func moments(text: String) {
        #expect(throws: EffectError.self) { try parse("aura-trust 1\nrevoke \(first) \(text)\n") }
    }

    @Test("moments are read as they are written")
    func momentsRoundTrip() throws {
        for moment: Int64 in [0, 951_782_400, 1_709_164_800, Sample.now, 4_102_444_799, 253_402_300_799] {
            var file = TrustFile()
            file.revoke(try key(first), at: moment)
            #expect(try parse(file.text).revoked == [key(first): moment])
        }
    }

    // MARK: Changes

    @Test("a name has one key, unless it is to have another as well")
    func pinning() throws {
        var file = TrustFile()
        try file.pin(key(first), as: "office")
        try file.pin(key(first), as: "office")
        #expect(file.entries.count == 1)
        let other = #expect(throws: EffectError.self) { try file.pin(key(second), as: "office") }
        #expect(other?.code == .conflict && other?.message.contains(first) == true)
        let renamed = #expect(throws: EffectError.self) { try file.pin(key(first), as: "home") }
        #expect(renamed?.message.contains("pinned as 'office'") == true)
        for name in ["", "a b", "-a", first] {
            let error = #expect(throws: EffectError.self) { try file.pin(key(second), as: name) }
            #expect(error?.code == .invalidArgument)
        }
        try file.pin(key(second), as: "office", alsoKeeping: true)
        #expect(file.keys(named: "office").count == 2)
        #expect(try parse(file.text) == file)
    }

    @Test("a revoked key loses its pin, keeps its name in a comment, and is not pinned again")
    func revoking() throws {
        var file = try parse("aura-trust 1\n# kept\npin office \(first)\npin home \(second)\n")
        file.revoke(try key(first), at: Sample.now)
        file.revoke(try key(first), at: Sample.now + 1)
        let line = "revoke \(first) 2026-01-31T09:05:00Z # office"
        #expect(file.text == "aura-trust 1\n# kept\npin home \(second)\n\(line)\n")
        let error = #expect(throws: EffectError.self) { try file.pin(key(first), as: "office") }
        #expect(error?.code == .conflict && error?.message.contains("is revoked since 2026-01-31T09:05:00Z") == true)
    }
}
#endif
