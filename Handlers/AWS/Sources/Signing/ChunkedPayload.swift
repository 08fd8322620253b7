#if AWS
internal import AuraEffects
internal import AuraRuntime

/// A body whose hash is not known beforehand, in the content encoding `aws-chunked`: each chunk carries a signature that goes
/// on from the one before, or a checksum follows the last one.
///
/// Source: AWS, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks" (Amazon S3 API
/// Reference).
struct ChunkedPayload: Sendable {
    /// What proves that the bytes arrive as they were sent.
    enum Proof: String, Sendable {
        /// Each chunk is signed.
        case signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        /// Each chunk and the checksum after them are signed.
        case signedWithChecksum = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
        /// A checksum follows; TLS protects it.
        case checksum = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

        var hasSignatures: Bool { self != .checksum }
        var hasChecksum: Bool { self != .signed }
    }

    static let checksumField = "x-amz-checksum-crc32c"
    private static let signatureWord = ";chunk-signature="
    private static let digits = 64

    let proof: Proof
    let byteCount: Int
    /// All chunks but the last one have so many bytes; S3 asks for 8 KiB at least.
    var chunkSize = 65_536

    /// How many bytes the encoded body has.
    var encodedCount: Int {
        let (whole, rest) = byteCount.quotientAndRemainder(dividingBy: chunkSize)
        let chunks = whole * encodedCount(ofChunk: chunkSize) + (rest > 0 ? encodedCount(ofChunk: rest) : 0)
        return chunks + end(checksum: [0, 0, 0, 0], placeholder, placeholder).count
    }

    private var placeholder: String { String(repeating: "0", count: Self.digits) }

    private func encodedCount(ofChunk count: Int) -> Int {
        head(ofChunk: count, placeholder).count + count + 2
    }

    private func head(ofChunk count: Int, _ signature: String) -> [UInt8] {
        let extension_ = proof.hasSignatures ? Self.signatureWord + signature : ""
        return Array("\(String(count, radix: 16))\(extension_)\r\n".utf8)
    }

    private func end(checksum: [UInt8], _ signature: String, _ trailerSignature: String) -> [UInt8] {
        var end = head(ofChunk: 0, signature)
        if proof.hasChecksum { end += "\(Self.checksumField):\(Base64.string(checksum))\r\n".utf8 }
        if proof == .signedWithChecksum { end += "x-amz-trailer-signature:\(trailerSignature)\r\n".utf8 }
        return end + "\r\n".utf8
    }

    /// The encoded body.
    ///
    /// - Parameters:
    ///   - body: The bytes.
    ///   - seed: The signature of the request's head.
    /// - Returns: The body to send, of known length.
    func encode(_ body: ByteStream, after seed: SigV4Signature) -> ByteStream {
        let encoder = Encoder(self, body, seed)
        return ByteStream(byteCount: encodedCount, isRepeatable: body.isRepeatable) { offset throws(EffectError) in
            if offset == 0 { await encoder.restart() }
            return try await encoder.next()
        }
    }

    /// Encodes one pass over a body after the other.
    private actor Encoder {
        private let payload: ChunkedPayload
        private let body: ByteStream
        private let seed: SigV4Signature
        private var iterator: ByteStream.Iterator
        private var signature: String
        private var pending: [UInt8] = []
        private var taken = 0
        private var check = CRC32(.castagnoli)
        private var isAtEnd = false

        init(_ payload: ChunkedPayload, _ body: ByteStream, _ seed: SigV4Signature) {
            self.payload = payload
            self.body = body
            self.seed = seed
            iterator = body.makeAsyncIterator()
            signature = seed.text
        }

        func restart() {
            guard taken > 0 || isAtEnd else { return }
            iterator = body.makeAsyncIterator()
            signature = seed.text
            pending = []
            taken = 0
            check = CRC32(.castagnoli)
            isAtEnd = false
        }

        func next() async throws(EffectError) -> [UInt8]? {
            if isAtEnd { return nil }
            while pending.count < payload.chunkSize, taken < payload.byteCount {
                var source = iterator
                let chunk = try await source.next()
                iterator = source
                guard let chunk else { break }
                taken += chunk.count
                pending += chunk
            }
            guard taken <= payload.byteCount, !pending.isEmpty || taken == payload.byteCount else { throw mismatch }
            let chunk = Array(pending.prefix(payload.chunkSize))
            pending.removeFirst(chunk.count)
            guard !chunk.isEmpty else { return try await end() }
            check.update(chunk)
            if payload.proof.hasSignatures {
                sign("AWS4-HMAC-SHA256-PAYLOAD", [SigV4Signer.emptyHash, SHA256.hash(chunk).description])
            }
            return payload.head(ofChunk: chunk.count, signature) + chunk + [0x0D, 0x0A]
        }

        private func end() async throws(EffectError) -> [UInt8] {
            var source = iterator
            let more = try await source.next()
            guard more == nil else { throw mismatch }
            isAtEnd = true
            if payload.proof.hasSignatures {
                sign("AWS4-HMAC-SHA256-PAYLOAD", [SigV4Signer.emptyHash, SigV4Signer.emptyHash])
            }
            let last = signature
            if payload.proof == .signedWithChecksum {
                let trailer = "\(checksumField):\(Base64.string(check.bytes))\n"
                sign("AWS4-HMAC-SHA256-TRAILER", [SHA256.hash(Array(trailer.utf8)).description])
            }
            return payload.end(checksum: check.bytes, last, signature)
        }

        private func sign(_ algorithm: String, _ hashes: [String]) {
            let lines = [algorithm, seed.date.text, seed.scope, signature] + hashes
            signature = seed.key.code(of: Array(lines.joined(separator: "\n").utf8)).description
        }

        private var mismatch: EffectError {
            EffectError(.invalidArgument, "The body announces \(payload.byteCount) bytes and has another number.")
        }
    }
}
#endif
