#if OpenSSL
internal import AuraEffects
internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) and ChaCha20-Poly1305 (RFC 8439) with a nonce that the caller answers for.
@safe
struct AuthenticatedCipher {
    static let keySize = 32
    static let nonceSize = 12
    static let tagSize = 16
    /// The longest message, in bytes: OpenSSL counts in 32 bits.
    static let maximumMessage = Int(Int32.max) - tagSize

    private let cipher: OpaquePointer?

    /// The cipher of an algorithm; `nil` where it is none.
    init?(_ algorithm: KeyAlgorithm) {
        switch algorithm {
        case .aes256GCM: unsafe cipher = OpenSSLAlgorithms.aes256GCM
        case .chaCha20Poly1305: unsafe cipher = OpenSSLAlgorithms.chaCha20Poly1305
        default: return nil
        }
    }

    /// Encrypts a message.
    ///
    /// - Parameters:
    ///   - plaintext: The message.
    ///   - associatedData: What to authenticate beside it.
    ///   - nonce: 12 bytes that were never used with the key.
    ///   - key: 32 bytes.
    /// - Returns: The ciphertext, followed by its tag.
    /// - Throws: ``OpenSSLFailure``.
    func seal(
        _ plaintext: UnsafeRawBufferPointer,
        authenticating associatedData: [UInt8],
        nonce: [UInt8],
        key: SecretBytes
    ) throws(OpenSSLFailure) -> [UInt8] {
        let context = try unsafe begin(EVP_EncryptInit_ex, nonce, key)
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        try unsafe authenticate(associatedData, EVP_EncryptUpdate, context)
        let size = plaintext.count + Self.tagSize
        var failure: OpenSSLFailure?
        let sealed = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            do throws(OpenSSLFailure) {
                var length: Int32 = 0
                if unsafe !plaintext.isEmpty {
                    try OpenSSLFailure.check {
                        unsafe EVP_EncryptUpdate(
                            context,
                            buffer.baseAddress,
                            &length,
                            plaintext.baseAddress?.assumingMemoryBound(to: UInt8.self),
                            Int32(plaintext.count)
                        )
                    }
                }
                let tag = unsafe buffer.baseAddress.map { unsafe $0 + plaintext.count }
                try OpenSSLFailure.check { unsafe EVP_EncryptFinal_ex(context, tag, &length) }
                try OpenSSLFailure.check {
                    unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), tag)
                }
                count = size
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure { throw failure }
        return sealed
    }

    /// Decrypts what ``seal(_:authenticating:nonce:key:)`` made.
    ///
    /// - Throws: ``OpenSSLFailure/notAuthentic``: nothing of the plaintext is given out then.
    func open(
        _ sealed: [UInt8],
        authenticating associatedData: [UInt8],
        nonce: [UInt8],
        key: SecretBytes
    ) throws(OpenSSLFailure) -> [UInt8] {
        let size = sealed.count - Self.tagSize
        guard size >= 0 else { throw .notAuthentic }
        var plaintext: [UInt8] = []
        var failure: OpenSSLFailure?
        unsafe plaintext = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            do throws(OpenSSLFailure) {
                try unsafe open(sealed, associatedData, nonce, key, into: UnsafeMutableRawBufferPointer(buffer))
                count = size
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure { throw failure }
        return plaintext
    }

    /// Decrypts into a buffer that is 16 bytes shorter than what was sealed, and overwritten where it is not authentic.
    func open(
        _ sealed: [UInt8],
        _ associatedData: [UInt8],
        _ nonce: [UInt8],
        _ key: SecretBytes,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(OpenSSLFailure) {
        let context = try unsafe begin(EVP_DecryptInit_ex, nonce, key)
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        try unsafe authenticate(associatedData, EVP_DecryptUpdate, context)
        let size = buffer.count
        let output = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var length: Int32 = 0
        let status = try unsafe sealed.withUnsafeBufferPointer { sealed throws(OpenSSLFailure) -> Int32 in
            if size > 0 {
                try OpenSSLFailure.check {
                    unsafe EVP_DecryptUpdate(context, output, &length, sealed.baseAddress, Int32(size))
                }
            }
            // OpenSSL only reads the tag.
            let tag = unsafe UnsafeMutableRawPointer(mutating: sealed.baseAddress.map { unsafe $0 + size })
            try OpenSSLFailure.check {
                unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), tag)
            }
            var nothing: UInt8 = 0
            return unsafe EVP_DecryptFinal_ex(context, &nothing, &length)
        }
        guard status == 1 else {
            unsafe OPENSSL_cleanse(buffer.baseAddress, size)
            throw .notAuthentic
        }
    }

    private typealias Initializer = (
        OpaquePointer?, OpaquePointer?, OpaquePointer?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?
    ) -> Int32

    private func begin(
        _ initialize: Initializer,
        _ nonce: [UInt8],
        _ key: SecretBytes
    ) throws(OpenSSLFailure) -> OpaquePointer {
        guard nonce.count == Self.nonceSize else { throw .notAuthentic }
        guard key.count == Self.keySize else { throw .invalidKey }
        let context = try unsafe OpenSSLFailure.make { unsafe EVP_CIPHER_CTX_new() }
        do throws(OpenSSLFailure) {
            try unsafe key.withBytes { key throws(OpenSSLFailure) in
                try OpenSSLFailure.check {
                    let key = unsafe key.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    return unsafe initialize(context, cipher, nil, key, nonce)
                }
            }
        } catch {
            unsafe EVP_CIPHER_CTX_free(context)
            throw error
        }
        return unsafe context
    }

    private typealias Updater = (
        OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int32>?, UnsafePointer<UInt8>?, Int32
    ) -> Int32

    private func authenticate(
        _ associatedData: [UInt8],
        _ update: Updater,
        _ context: OpaquePointer
    ) throws(OpenSSLFailure) {
        guard !associatedData.isEmpty else { return }
        var length: Int32 = 0
        try OpenSSLFailure.check {
            unsafe update(context, nil, &length, associatedData, Int32(associatedData.count))
        }
    }
}
#endif
