#if Argon2
internal import AuraEffects
internal import CArgon2

/// Argon2id (RFC 9106), version 1.3.
enum Argon2id {
    /// Stretches a password on the calling thread; the library clears the memory that it used.
    ///
    /// - Parameters:
    ///   - password: The password's bytes.
    ///   - salt: At least 8 bytes.
    ///   - memory: The memory to fill, in KiB; at least 8 for each lane.
    ///   - passes: How many passes over it.
    ///   - lanes: How many lanes; they run one after the other.
    ///   - count: How many bytes are wanted.
    /// - Returns: The bytes.
    /// - Throws: ``OpenSSLFailure`` with the library's reason.
    static func derive(
        _ password: SecretBytes,
        salt: [UInt8],
        memory: UInt32,
        passes: UInt32,
        lanes: UInt32,
        count: Int
    ) throws(OpenSSLFailure) -> SecretBytes {
        var salt = salt
        return try unsafe SecretBytes(count: count) { buffer throws(OpenSSLFailure) in
            let status = unsafe password.withBytes { password in
                unsafe salt.withUnsafeMutableBufferPointer { salt in
                    var context = unsafe Argon2_Context()
                    unsafe context.out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    unsafe context.outlen = UInt32(count)
                    // The library only reads the password: it is not asked to clear it.
                    unsafe context.pwd = UnsafeMutablePointer(
                        mutating: password.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    )
                    unsafe context.pwdlen = UInt32(password.count)
                    unsafe context.salt = salt.baseAddress
                    unsafe context.saltlen = UInt32(salt.count)
                    unsafe context.t_cost = passes
                    unsafe context.m_cost = memory
                    unsafe context.lanes = lanes
                    unsafe context.threads = 1
                    unsafe context.version = ARGON2_VERSION_13.rawValue
                    return unsafe argon2_ctx(&context, Argon2_id)
                }
            }
            guard status == ARGON2_OK.rawValue else {
                throw .failed([unsafe String(cString: argon2_error_message(status))])
            }
        }
    }
}
#endif
