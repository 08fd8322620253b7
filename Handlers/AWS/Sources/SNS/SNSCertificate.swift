#if AWS
internal import AuraRuntime

/// The certificate that SNS signs messages with.
///
/// All that is read of it is its key: who it is of is proved by TLS, over which it is fetched.
///
/// Source: RFC 5280, section 4.1; RFC 7468, section 5; RFC 3279, section 2.3.1.
enum SNSCertificate {
    private static let rsaEncryption: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]

    /// The key of a certificate in PEM; `nil` where it is none, or has a key of another kind.
    static func key(_ pem: [UInt8]) -> RSAPublicKey? {
        let lines = String(decoding: pem, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let begin = lines.firstIndex(of: "-----BEGIN CERTIFICATE-----"),
            let end = lines[begin...].firstIndex(of: "-----END CERTIFICATE-----"),
            let bytes = Base64.bytes(lines[(begin + 1)..<end].joined())
        else { return nil }
        var document = DERReader(bytes[...])
        guard var certificate = document.read(0x30).map({ DERReader($0) }),
            var signed = certificate.read(0x30).map({ DERReader($0) })
        else { return nil }
        _ = signed.read(0xA0)
        // Its number, the algorithm, who issued it, its times and its subject stand before the key.
        for tag: UInt8 in [0x02, 0x30, 0x30, 0x30, 0x30] where signed.read(tag) == nil { return nil }
        guard var info = signed.read(0x30).map({ DERReader($0) }),
            var algorithm = info.read(0x30).map({ DERReader($0) }),
            algorithm.read(0x06).map(Array.init) == rsaEncryption, let bits = info.read(0x03), bits.first == 0
        else { return nil }
        var key = DERReader(bits.dropFirst())
        guard var numbers = key.read(0x30).map({ DERReader($0) }), let modulus = numbers.read(0x02),
            let exponent = numbers.read(0x02)
        else { return nil }
        return RSAPublicKey(modulus: Array(modulus), exponent: Array(exponent))
    }
}

/// Reads values of DER, one after the other.
///
/// Source: ITU-T X.690, section 8.1.
private struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The content of the next value; `nil`, and nothing is read, where it has another tag or breaks off.
    mutating func read(_ tag: UInt8) -> ArraySlice<UInt8>? {
        var bytes = rest
        guard bytes.popFirst() == tag, let first = bytes.popFirst() else { return nil }
        var count = Int(first)
        if first & 0x80 != 0 {
            let digits = bytes.prefix(Int(first & 0x7F))
            guard (1...3).contains(digits.count), digits.count == Int(first & 0x7F) else { return nil }
            count = digits.reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(digits.count)
        }
        guard count <= bytes.count else { return nil }
        rest = bytes.dropFirst(count)
        return bytes.prefix(count)
    }
}
#endif
