#if OpenSSL
public import AuraEffects
internal import COpenSSL

/// Random numbers of OpenSSL's generator (NIST SP 800-90A), which the operating system seeds: fit for keys and tokens.
public struct OpenSSLRandomHandler: RandomEffects {
    /// The name in profiles.
    public static let technology = "openssl"

    /// What the handler declares.
    public static let capabilities = Capabilities([.unpredictable])

    /// Creates a handler.
    public init() {}

    /// Random values that nobody can foretell.
    public var capabilities: Capabilities { Self.capabilities }

    /// The next 64 random bits.
    public func nextUInt64() -> UInt64 {
        unsafe bytes(8).withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt64.self) }
    }

    /// Random bytes.
    ///
    /// Where the system gives no randomness the process stops: nothing may be built on what is not random.
    public func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var filled = 0
            while filled < count {
                let part = Int32(min(count - filled, 1 << 20))
                guard unsafe RAND_bytes(buffer.baseAddress.map { unsafe $0 + filled }, part) == 1 else {
                    fatalError("OpenSSL has no random numbers to give.")
                }
                filled += Int(part)
            }
            initialized = count
        }
    }
}
#endif
