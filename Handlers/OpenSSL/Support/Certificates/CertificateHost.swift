#if OpenSSL
internal import COpenSSL

/// A name or an address that a certificate is for, and that a node is dialled by.
package enum CertificateHost: Sendable, Hashable, CustomStringConvertible {
    /// A DNS name in lower case; its first label may be `*`.
    case name(String)
    /// The 4 bytes of an IPv4 or the 16 of an IPv6 address.
    case address([UInt8])

    /// Reads a host; `nil` where the text is neither an address nor a DNS name (RFC 1123, section 2.1).
    ///
    /// - Parameter text: Such as `node1.example.org`, `*.example.org`, `192.0.2.7` or `2001:db8::7`.
    package init?(_ text: String) {
        if let address = IPAddress.bytes(text) {
            self = .address(address)
        } else if Self.isName(text) {
            self = .name(text.lowercased())
        } else {
            return nil
        }
    }

    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, let last = labels.last, !last.allSatisfy(\.isNumber) else { return false }
        let isWild = labels.count > 2 && labels.first == "*"
        return labels.dropFirst(isWild ? 1 : 0)
            .allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy(\.isInHostName)
            }
    }

    /// The name, or the address in its usual notation.
    package var description: String {
        switch self {
        case .name(let name): name
        case .address(let bytes): IPAddress.text(bytes)
        }
    }
}

/// Addresses of the Internet Protocol as text.
private enum IPAddress {
    /// The bytes of an IPv4 or IPv6 address; `nil` where the text is none.
    static func bytes(_ text: String) -> [UInt8]? {
        guard let address = unsafe a2i_IPADDRESS(text) else { return nil }
        defer { unsafe ASN1_OCTET_STRING_free(address) }
        return unsafe Array(
            UnsafeBufferPointer(start: ASN1_STRING_get0_data(address), count: Int(ASN1_STRING_length(address)))
        )
    }

    static func text(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = (0..<8).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
        // The longest run of zeros is left out, the first of equal ones (RFC 5952, section 4.2).
        var run = 0..<0
        var start: Int?
        for index in 0...8 {
            if index < 8 && groups[index] == 0 {
                start = start ?? index
            } else if let begun = start {
                if index - begun > max(1, run.count) { run = begun..<index }
                start = nil
            }
        }
        func digits(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return run.isEmpty ? digits(0..<8) : "\(digits(0..<run.lowerBound))::\(digits(run.upperBound..<8))"
    }
}

extension UInt8 {
    fileprivate var isInHostName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
#endif
