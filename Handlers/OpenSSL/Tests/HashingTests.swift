#if OpenSSL
@testable internal import AuraEffects
internal import AuraOpenSSL
internal import Testing

@Suite("The journal's SHA-256 by OpenSSL")
struct HashingTests {
    @Test("is used once the handlers are linked, and gives the digests of the Swift code")
    func acceleration() throws {
        _ = OpenSSLHandlers()
        let blocks = unsafe try #require(SHA256.blockFunction)
        let bytes = (0..<10 * SHA256.blockSize).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        unsafe bytes.withUnsafeBytes { bytes in
            for count in 1...10 {
                var swift = SHA256.State()
                var fast = SHA256.State()
                guard let base = bytes.baseAddress else { return }
                for block in 0..<count { unsafe SHA256.compress(&swift, base + block * SHA256.blockSize) }
                unsafe SHA256.compress(&fast, base, blockCount: count, by: blocks)
                #expect(fast.digest == swift.digest, "\(count) blocks")
            }
        }
        #expect(
            SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)).description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test("what gives other digests is not used")
    func wrong() {
        _ = OpenSSLHandlers()
        #expect(unsafe !SHA256.accelerate { _, _, _ in })
        #expect(SHA256.hash([]).description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
#endif
