public import AuraEffects

/// A public key whose signatures of one origin's heads are believed.
public struct TrustedKey: Sendable, Hashable {
    /// Whose heads it signs.
    public var origin: OriginID
    /// The public key of ``KeyAlgorithm/ed25519``: 32 bytes.
    public var publicKey: [UInt8]

    /// Creates the value.
    public init(origin: OriginID, publicKey: [UInt8]) {
        self.origin = origin
        self.publicKey = publicKey
    }

    /// Creates the value from a line of a profile: the origin and the key in hexadecimal, separated by spaces.
    ///
    /// - Parameter line: Such as `0f3c… 9a41…`, with 32 and 64 digits.
    public init?(_ line: String) {
        let words = line.split(separator: " ")
        guard
            words.count == 2,
            let origin = OriginID(String(words[0])),
            let high = Self.half(words[1].prefix(32)),
            let low = Self.half(words[1].dropFirst(32))
        else { return nil }
        self.init(origin: origin, publicKey: high + low)
    }

    private static func half(_ digits: Substring) -> [UInt8]? {
        guard let number = Hexadecimal.number(String(digits)) else { return nil }
        return (0..<16).map { UInt8(truncatingIfNeeded: number >> UInt128(8 * (15 - $0))) }
    }

    /// The line of a profile.
    static func line(_ origin: OriginID, _ publicKey: [UInt8]) -> String {
        "\(origin) \(Hexadecimal.string(publicKey))"
    }
}
