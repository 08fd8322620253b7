#if OpenSSL
internal import COpenSSL

/// Secret bytes in memory of their own, which is overwritten before it is given back.
///
/// Arrays leave copies behind wherever they grow or are moved; a key lives here from the moment it is known.
@safe
final class SecretBytes: Sendable {
    // Written only while the object is made.
    private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

    /// Makes bytes in place.
    ///
    /// - Parameters:
    ///   - count: How many bytes.
    ///   - fill: Writes them; where it throws, what it wrote is overwritten.
    /// - Throws: What `fill` throws.
    init<Failure: Error>(
        count: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        unsafe buffer = .allocate(byteCount: max(1, count), alignment: 16)
        self.count = count
        try unsafe fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    }

    /// Takes a copy of bytes.
    convenience init(copying bytes: UnsafeRawBufferPointer) {
        unsafe self.init(count: bytes.count) { unsafe $0.copyMemory(from: bytes) }
    }

    /// Random bytes, of OpenSSL's generator for secrets.
    ///
    /// - Throws: ``OpenSSLFailure`` where the system gives no randomness.
    static func random(_ count: Int) throws(OpenSSLFailure) -> SecretBytes {
        try unsafe SecretBytes(count: count) { buffer throws(OpenSSLFailure) in
            try OpenSSLFailure.check {
                unsafe RAND_priv_bytes(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(count))
            }
        }
    }

    deinit {
        unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        unsafe buffer.deallocate()
    }

    /// How many bytes there are.
    let count: Int

    /// Lends the bytes to `body`.
    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { extendLifetime(self) }
        return try unsafe body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// `<redacted>`.
    var description: String { "<redacted>" }
    /// A mirror without children, so that `dump` shows nothing.
    var customMirror: Mirror { Mirror(self, children: []) }
}
#endif
