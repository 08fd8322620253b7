#if OpenSSL
internal import COpenSSL

/// Keys of the curve P-256 from and to plain bytes, for which libcrypto 3 has parameters and no function.
enum P256 {
    /// The size of an uncompressed public key (SEC 1), in bytes.
    static let publicKeySize = 65
    /// The bytes that a private key is reduced from, so that its distribution is even (FIPS 186-5, A.2.1).
    static let seedSize = 48

    /// The pair of a private key.
    ///
    /// - Parameter scalar: A big-endian number from 1 to the order of the curve less 1.
    /// - Returns: The key, to be freed.
    /// - Throws: ``OpenSSLFailure/invalidKey`` for another number.
    static func key(private scalar: SecretBytes) throws(OpenSSLFailure) -> OpaquePointer {
        let group = try unsafe OpenSSLFailure.make { unsafe EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) }
        defer { unsafe EC_GROUP_free(group) }
        let number = try unsafe number(scalar)
        defer { unsafe BN_clear_free(number) }
        guard unsafe BN_is_zero(number) == 0, unsafe BN_cmp(number, EC_GROUP_get0_order(group)) < 0 else {
            throw .invalidKey
        }
        let point = try unsafe OpenSSLFailure.make { unsafe EC_POINT_new(group) }
        defer { unsafe EC_POINT_free(point) }
        try OpenSSLFailure.check { unsafe EC_POINT_mul(group, point, number, nil, nil, nil) }
        var encoded = [UInt8](repeating: 0, count: publicKeySize)
        let size = unsafe EC_POINT_point2oct(
            group,
            point,
            POINT_CONVERSION_UNCOMPRESSED,
            &encoded,
            encoded.count,
            nil
        )
        guard size == publicKeySize else { throw .invalidKey }
        return try unsafe key(public: encoded, private: number)
    }

    /// A public key.
    ///
    /// - Parameter encoded: The uncompressed point.
    /// - Returns: The key, to be freed.
    /// - Throws: ``OpenSSLFailure/invalidKey`` where it is no point of the curve.
    static func key(public encoded: [UInt8]) throws(OpenSSLFailure) -> OpaquePointer {
        guard encoded.count == publicKeySize, encoded.first == 4 else { throw .invalidKey }
        return try unsafe key(public: encoded, private: nil)
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

    private static func key(
        public encoded: [UInt8],
        private number: OpaquePointer?
    ) throws(OpenSSLFailure) -> OpaquePointer {
        let builder = try unsafe OpenSSLFailure.make { unsafe OSSL_PARAM_BLD_new() }
        defer { unsafe OSSL_PARAM_BLD_free(builder) }
        try OpenSSLFailure.check {
            unsafe OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0)
        }
        try OpenSSLFailure.check {
            unsafe OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, encoded, encoded.count)
        }
        if let number = unsafe number {
            try OpenSSLFailure.check { unsafe OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) }
        }
        let parameters = try unsafe OpenSSLFailure.make { unsafe OSSL_PARAM_BLD_to_param(builder) }
        defer { unsafe OSSL_PARAM_free(parameters) }
        let context = try unsafe OpenSSLFailure.make { unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil) }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try OpenSSLFailure.check { unsafe EVP_PKEY_fromdata_init(context) }
        var key: OpaquePointer?
        let selection = unsafe number == nil ? aura_EVP_PKEY_PUBLIC_KEY : aura_EVP_PKEY_KEYPAIR
        guard unsafe EVP_PKEY_fromdata(context, &key, selection, parameters) == 1, let key = unsafe key else {
            throw .invalidKey
        }
        return unsafe key
    }
}
#endif
