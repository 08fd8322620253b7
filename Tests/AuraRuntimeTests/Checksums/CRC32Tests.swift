internal import AuraRuntime
internal import Testing

@Suite("CRC-32")
struct CRC32Tests {
    @Test("gives the check values of both polynomials")
    func checkValues() {
        // The check of "123456789", as catalogues of checks give it.
        #expect(CRC32.check(Array("123456789".utf8), .ieee) == 0xCBF4_3926)
        #expect(CRC32.check(Array("123456789".utf8), .castagnoli) == 0xE306_9283)
        #expect(CRC32.check([], .castagnoli) == 0)
        // RFC 3720, appendix B.4.
        #expect(CRC32.check([UInt8](repeating: 0, count: 32), .castagnoli) == 0x8A91_36AA)
        #expect(CRC32.check([UInt8](repeating: 0xFF, count: 32), .castagnoli) == 0x62A8_AB43)
        #expect(CRC32.check((0..<32).map { UInt8($0) }, .castagnoli) == 0x46DD_794E)
    }

    @Test("is the same however the bytes are taken", arguments: [CRC32.Polynomial.ieee, .castagnoli])
    func pieces(_ polynomial: CRC32.Polynomial) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = CRC32.check(bytes, polynomial)
        for split in [0, 1, 7, 8, 9, 500, 999, 1000] {
            var check = CRC32(polynomial)
            check.update(Array(bytes[..<split]))
            check.update(Array(bytes[split...]))
            #expect(check.value == whole)
            var first = CRC32(polynomial)
            first.update(Array(bytes[..<split]))
            var second = CRC32(polynomial)
            second.update(Array(bytes[split...]))
            first.append(second)
            #expect(first.value == whole)
            #expect(first.byteCount == bytes.count)
        }
    }
}
