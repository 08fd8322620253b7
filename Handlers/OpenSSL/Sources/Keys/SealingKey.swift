#if OpenSSL
internal import AuraEffects
internal import Synchronization

/// A key that encrypts with nonces which cannot repeat.
///
/// A nonce of 12 bytes is too short to be drawn at random for ever, and a counter would have to survive crashes, copies and
/// other processes. So each holder of a key draws a prefix of 128 bits, derives a key from it (HMAC-SHA-256 of the prefix
/// under the key), and counts under that one. Two holders would have to draw the same 128 bits to use a nonce twice.
///
/// A nonce is given out as prefix (16 bytes) ‖ counter (8, big-endian); the cipher's is four zeros ‖ counter.
final class SealingKey: Sendable {
    static let prefixSize = 16
    static let nonceSize = prefixSize + 8
    /// Messages under one prefix; far below where AES-GCM's bound on the data of one key begins to matter.
    private static let messagesPerPrefix: UInt64 = 1 << 32
    private static let purpose = Array("aura sealing key/1".utf8)

    private struct Holder {
        var prefix: [UInt8]
        var key: SecretBytes
        var used: UInt64 = 0
    }

    private let algorithm: KeyAlgorithm
    private let secret: SecretBytes
    private let holder = Mutex<Holder?>(nil)

    init(_ algorithm: KeyAlgorithm, _ secret: SecretBytes) {
        self.algorithm = algorithm
        self.secret = secret
    }

    /// Encrypts under a nonce of its own.
    func seal(
        _ plaintext: UnsafeRawBufferPointer,
        authenticating associatedData: [UInt8]
    ) throws(OpenSSLFailure) -> SealedBox {
        let (key, prefix, counter) = try next()
        let ciphertext = try unsafe cipher()
            .seal(plaintext, authenticating: associatedData, nonce: Self.cipherNonce(counter), key: key)
        return SealedBox(nonce: prefix + counter, ciphertext: ciphertext)
    }

    /// Decrypts what a holder of the same key encrypted.
    func open(_ box: SealedBox, authenticating associatedData: [UInt8]) throws(OpenSSLFailure) -> [UInt8] {
        let (key, nonce) = try parts(of: box)
        return try cipher().open(box.ciphertext, authenticating: associatedData, nonce: nonce, key: key)
    }

    /// Decrypts a secret.
    func openSecret(_ box: SealedBox, authenticating associatedData: [UInt8]) throws(OpenSSLFailure) -> SecretBytes {
        let (key, nonce) = try parts(of: box)
        let size = box.ciphertext.count - AuthenticatedCipher.tagSize
        guard size >= 0 else { throw .notAuthentic }
        let cipher = try cipher()
        return try unsafe SecretBytes(count: size) { buffer throws(OpenSSLFailure) in
            try unsafe cipher.open(box.ciphertext, associatedData, nonce, key, into: buffer)
        }
    }

    private func cipher() throws(OpenSSLFailure) -> AuthenticatedCipher {
        guard let cipher = AuthenticatedCipher(algorithm) else { throw .invalidKey }
        return cipher
    }

    private func parts(of box: SealedBox) throws(OpenSSLFailure) -> (key: SecretBytes, nonce: [UInt8]) {
        guard box.nonce.count == Self.nonceSize else { throw .notAuthentic }
        let prefix = Array(box.nonce.prefix(Self.prefixSize))
        let own = holder.withLock { $0 }
        let key = if let own, own.prefix == prefix { own.key } else { try derive(prefix) }
        return (key, Self.cipherNonce(box.nonce.suffix(8)))
    }

    /// The next nonce, with the key that it belongs to.
    private func next() throws(OpenSSLFailure) -> (key: SecretBytes, prefix: [UInt8], counter: [UInt8]) {
        try holder.withLock { holder throws(OpenSSLFailure) in
            var current: Holder
            if let known = holder, known.used < Self.messagesPerPrefix {
                current = known
            } else {
                let prefix = try unsafe SecretBytes.random(Self.prefixSize).withBytes { unsafe Array($0) }
                current = Holder(prefix: prefix, key: try derive(prefix))
            }
            let counter = unsafe withUnsafeBytes(of: current.used.bigEndian) { unsafe Array($0) }
            current.used += 1
            holder = current
            return (current.key, current.prefix, counter)
        }
    }

    private func derive(_ prefix: [UInt8]) throws(OpenSSLFailure) -> SecretBytes {
        try unsafe SecretBytes(count: MessageDigest.codeSize) { buffer throws(OpenSSLFailure) in
            try unsafe MessageDigest.authenticate(
                Self.purpose + Array(algorithm.rawValue.utf8) + prefix,
                secret,
                into: buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
        }
    }

    private static func cipherNonce(_ counter: some Sequence<UInt8>) -> [UInt8] {
        [0, 0, 0, 0] + counter
    }
}
#endif
