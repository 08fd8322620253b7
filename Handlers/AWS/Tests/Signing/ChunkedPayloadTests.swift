#if AWS
internal import AuraEffects
internal import Testing

@testable internal import AuraAWS

@Suite("Bodies in signed chunks")
struct ChunkedPayloadTests {
    /// The example of "Transferring Payload in Multiple Chunks (Chunked Upload)" in the Amazon S3 API Reference.
    private func seed() -> SigV4Signature {
        let signer = SigV4Signer(service: "s3", region: "us-east-1")
        let fields: HTTPFields = [
            "x-amz-date": "20130524T000000Z", "x-amz-storage-class": "REDUCED_REDUNDANCY",
            "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "content-encoding": "aws-chunked",
            "x-amz-decoded-content-length": "66560", "content-length": "66824",
        ]
        let url = HTTPURL(.https, host: "s3.amazonaws.com", path: "/examplebucket/chunkObject.txt")
        let canonical = CanonicalRequest(
            HTTPRequest(.put, url, fields: fields),
            path: url.path,
            payloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            // The example signs the length too.
            signing: { _ in true }
        )
        return signer.signature(of: canonical.bytes, SigV4Date(S3Example.moment), S3Example.credentials)
    }

    private let body = [UInt8](repeating: UInt8(ascii: "a"), count: 66_560)

    @Test("have the signatures of the API reference's example")
    func example() async throws {
        let seed = seed()
        #expect(seed.text == "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
        let encoded = ChunkedPayload(proof: .signed, byteCount: 66_560)
            .encode(ByteStream(body, chunkSize: 1000), after: seed)
        #expect(encoded.byteCount == 66_824)
        let bytes = try await encoded.bytes(atMost: .max)
        #expect(bytes.count == 66_824)
        let expected =
            Array(
                "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n".utf8
            ) + body.prefix(65_536)
            + Array(
                "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n".utf8
            ) + body.prefix(1024)
            + Array(
                "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n".utf8
            )
        #expect(bytes == expected)
    }

    @Test("are encoded again from the beginning where a request is sent again")
    func again() async throws {
        let payload = ChunkedPayload(proof: .signedWithChecksum, byteCount: 66_560)
        let encoded = payload.encode(ByteStream(body), after: seed())
        var iterator = encoded.makeAsyncIterator()
        _ = try await iterator.next()
        let first = try await encoded.bytes(atMost: .max)
        #expect(try await encoded.bytes(atMost: .max) == first)
        #expect(first.count == encoded.byteCount)
    }

    @Test("announce the length that they have", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func lengths(_ count: Int) async throws {
        for proof in [ChunkedPayload.Proof.signed, .signedWithChecksum, .checksum] {
            let body = ByteStream([UInt8](repeating: 7, count: count), chunkSize: 9999)
            let encoded = ChunkedPayload(proof: proof, byteCount: count).encode(body, after: seed())
            #expect(try await encoded.bytes(atMost: .max).count == encoded.byteCount)
        }
    }

    @Test("end with a checksum where TLS protects them")
    func trailer() async throws {
        let encoded = ChunkedPayload(proof: .checksum, byteCount: 9)
            .encode(ByteStream(Array("123456789".utf8)), after: seed())
        let text = String(decoding: try await encoded.bytes(atMost: 1000), as: UTF8.self)
        // The check value of CRC-32C in RFC 3720's catalogue of polynomials: E3069283.
        #expect(text == "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32c:4waSgw==\r\n\r\n")
    }

    @Test("fail where the body has another length than it announces", arguments: [66_559, 66_561])
    func mismatch(_ announced: Int) async throws {
        let encoded = ChunkedPayload(proof: .signed, byteCount: announced).encode(ByteStream(body), after: seed())
        let error = await #expect(throws: EffectError.self) { try await encoded.bytes(atMost: .max) }
        #expect(error?.code == .invalidArgument)
    }
}
#endif
