internal import AuraEffects
internal import Testing

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "gives the digests of FIPS 180-4's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ]
    )
    func examples(message: String, digest: String) {
        #expect(SHA256.hash(Array(message.utf8)).description == digest)
    }

    @Test("hashes a million letters")
    func million() {
        let digest = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        #expect(digest.description == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// The digest of all digests was computed by another implementation.
    @Test("agrees with another implementation on every length up to 200")
    func everyLength() {
        var all = SHA256()
        for count in 0...200 { all.update(SHA256.hash(message(count)).bytes) }
        #expect(
            all.finalize().description == "e673d33f6940a6d3856d0d305fd88363ae0ba3b96e2411d8ddd5e0dd443f4525"
        )
    }

    @Test("does not depend on how the message is cut", arguments: [1, 3, 55, 56, 63, 64, 65, 127])
    func pieces(size: Int) {
        for count in 0...200 {
            let message = message(count)
            var hash = SHA256()
            for start in stride(from: 0, to: count, by: size) {
                hash.update(Array(message[start..<min(start + size, count)]))
            }
            #expect(hash.finalize() == SHA256.hash(message))
        }
    }

    @Test("goes on after an intermediate digest")
    func intermediate() {
        var hash = SHA256()
        hash.update(Array("ab".utf8))
        #expect(hash.finalize() == SHA256.hash(Array("ab".utf8)))
        hash.update([])
        hash.update(Array("c".utf8))
        #expect(hash.finalize() == SHA256.hash(Array("abc".utf8)))
    }

    @Test("a digest survives the way through bytes and buffers")
    func digestBytes() throws {
        let digest = SHA256.hash(Array("abc".utf8))
        #expect(digest.bytes.count == SHA256Digest.byteCount)
        #expect(try #require(SHA256Digest(digest.bytes)) == digest)
        #expect(digest.bytes.withUnsafeBytes { SHA256Digest(loading: $0) } == digest)
        #expect(SHA256Digest(digest.bytes.dropLast()) == nil)
        #expect(SHA256Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
    }

    private func message(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }
    }
}
