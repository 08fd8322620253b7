#if OpenSSL
internal import AuraEffects
internal import COpenSSL

/// Keys of the curve P-256 from and to plain bytes, for which libcrypto 3 has parameters and no function.
enum P256 {
    /// The size of an uncompressed public key (SEC 1), in bytes.
    static let publicKeySize = 65
    /// The bytes that a private key is reduced from, so that its distribution is even (FIPS 186-5, A.2.1).
    static let seedSize = 48

    /// What precedes a private key of the curve in DER (RFC 5915), up to its bytes; the curve's name follows them.
    private static let privateHeader: [UInt8] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20]
    private static let curve: [UInt8] = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]

    /// The pair of a private key.
    ///
    /// - Parameter scalar: A big-endian number from 1 to the order of the curve less 1.
    /// - Returns: The key, to be freed.
    /// - Throws: ``OpenSSLFailure/invalidKey`` for another number.
    static func key(private scalar: SecretBytes) throws(OpenSSLFailure) -> OpaquePointer {
        guard scalar.count == KeyPair.privateKeySize, try isInRange(scalar) else { throw .invalidKey }
        let encoded = unsafe SecretBytes(count: privateHeader.count + scalar.count + curve.count) { buffer in
            unsafe scalar.withBytes { scalar in
                unsafe buffer.copyBytes(from: privateHeader)
                unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[privateHeader.count...]).copyMemory(from: scalar)
                unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[(privateHeader.count + scalar.count)...])
                    .copyBytes(from: curve)
            }
        }
        let key = unsafe encoded.withBytes { encoded in
            var start = unsafe encoded.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return unsafe d2i_PrivateKey(EVP_PKEY_EC, nil, &start, encoded.count)
        }
        guard let key = unsafe key else { throw .invalidKey }
        return unsafe key
    }

    /// A public key.
    ///
    /// - Parameter point: The uncompressed point.
    /// - Returns: The key, to be freed.
    /// - Throws: ``OpenSSLFailure/invalidKey`` where it is no point of the curve.
    static func key(public point: [UInt8]) throws(OpenSSLFailure) -> OpaquePointer {
        guard point.count == publicKeySize, point.first == 4, let header = KeyAlgorithm.p256.publicKeyHeader else {
            throw .invalidKey
        }
        let encoded = header + point
        let key = unsafe encoded.withUnsafeBufferPointer { encoded in
            var start = encoded.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, encoded.count)
        }
        guard let key = unsafe key else { throw .invalidKey }
        return unsafe key
    }

    private static func isInRange(_ scalar: SecretBytes) throws(OpenSSLFailure) -> Bool {
        let group = try unsafe OpenSSLFailure.make { unsafe EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) }
        defer { unsafe EC_GROUP_free(group) }
        let number = try unsafe number(scalar)
        defer { unsafe BN_clear_free(number) }
        return unsafe BN_is_zero(number) == 0 && BN_cmp(number, EC_GROUP_get0_order(group)) < 0
    }

    /// A private key that follows from ``seedSize`` even bytes.
    static func privateKey(from seed: SecretBytes) throws(OpenSSLFailure) -> SecretBytes {
        let group = try unsafe OpenSSLFailure.make { unsafe EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) }
        defer { unsafe EC_GROUP_free(group) }
        let context = try unsafe OpenSSLFailure.make { unsafe BN_CTX_secure_new() }
        defer { unsafe BN_CTX_free(context) }
        let number = try unsafe number(seed)
        defer { unsafe BN_clear_free(number) }
        let last = try unsafe OpenSSLFailure.make { unsafe BN_dup(EC_GROUP_get0_order(group)) }
        defer { unsafe BN_free(last) }
        try OpenSSLFailure.check { unsafe BN_sub_word(last, 1) }
        try OpenSSLFailure.check { unsafe BN_div(nil, number, number, last, context) }
        try OpenSSLFailure.check { unsafe BN_add_word(number, 1) }
        return try unsafe SecretBytes(count: KeyPair.privateKeySize) { buffer throws(OpenSSLFailure) in
            let bytes = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard unsafe BN_bn2binpad(number, bytes, Int32(buffer.count)) == Int32(buffer.count) else {
                throw .invalidKey
            }
        }
    }

    private static func number(_ bytes: SecretBytes) throws(OpenSSLFailure) -> OpaquePointer {
        try unsafe bytes.withBytes { bytes throws(OpenSSLFailure) in
            try unsafe OpenSSLFailure.make {
                let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return unsafe BN_bin2bn(start, Int32(bytes.count), nil)
            }
        }
    }
}
#endif
