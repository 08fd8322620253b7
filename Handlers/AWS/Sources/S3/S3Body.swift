#if AWS
internal import AuraEffects
internal import AuraRuntime

/// The body of an object that is being read: it goes on after a break, and is checked at its end.
actor S3Body {
    private let client: S3Client
    private let info: ObjectInfo
    private let end: Int
    private var position: Int
    private var iterator: ByteStream.Iterator
    private var check: S3BodyCheck?
    private var breaksLeft = mostBreaks

    /// So often it breaks without a byte between.
    private static let mostBreaks = 5

    init(_ client: S3Client, _ info: ObjectInfo, _ range: Range<Int>, _ body: ByteStream, _ check: S3BodyCheck?) {
        self.client = client
        self.info = info
        self.check = check
        position = range.lowerBound
        end = range.upperBound
        iterator = body.makeAsyncIterator()
    }

    /// The next bytes; `nil` at the end.
    func next() async throws(EffectError) -> [UInt8]? {
        while true {
            try client.errors.checkCancellation(in: "get")
            var source = iterator
            let chunk: [UInt8]?
            do throws(EffectError) {
                chunk = try await source.next()
                iterator = source
            } catch {
                try await goOn(after: error)
                continue
            }
            guard let chunk else {
                if position < end {
                    try await goOn(after: broken("broke off at byte \(position) of \(end)"))
                    continue
                }
                try verify()
                return nil
            }
            guard position + chunk.count <= end else { throw broken("has more bytes than it announced") }
            position += chunk.count
            breaksLeft = Self.mostBreaks
            check?.update(chunk)
            return chunk
        }
    }

    /// Opens the rest of the same version.
    private func goOn(after error: EffectError) async throws(EffectError) {
        guard error.code != .cancelled, !Task.isCancelled else { throw client.errors.cancelled(in: "get") }
        guard error.isRetryable, breaksLeft > 0, position < end else { throw broken("broke off: \(error.message)") }
        breaksLeft -= 1
        var parts = S3Client.Parts()
        // Read in part already: the whole call cannot be repeated.
        parts.isPart = true
        parts.fields = [
            HTTPField("if-match", S3Client.quoted(info.revision)),
            HTTPField("range", "bytes=\(position)-\(end - 1)"),
        ]
        let response: HTTPResponse
        do throws(EffectError) {
            response = try await client.send(.getObject, .get, info.key, parts, for: "get")
        } catch {
            // 'invalidArgument' where what is stored now is shorter.
            guard [.preconditionFailed, .notFound, .invalidArgument].contains(error.code) else { throw error }
            let message = "The version that was being read was replaced or removed: read the object again."
            throw client.errors.error(.conflict, in: "get", message)
        }
        guard response.status == 206 || position == 0 else { throw broken("does not go on where it broke off") }
        iterator = response.body.makeAsyncIterator()
    }

    private func verify() throws(EffectError) {
        guard let check, !check.isIntact else { return }
        let message =
            "The bytes of \(HandlerErrors.quote(info.key.text)) do not have the checksum that S3 keeps of them."
        throw client.errors.error(.corrupted, in: "get", message)
    }

    private func broken(_ what: String) -> EffectError {
        client.errors.error(.unavailable, in: "get", "The body of \(HandlerErrors.quote(info.key.text)) \(what).")
    }
}

/// Compares a body with the checksum that its object has.
struct S3BodyCheck: Sendable {
    private enum Sum: Sendable {
        case crc(CRC32)
        case sha256(SHA256)
    }

    private var sum: Sum
    private let expected: [UInt8]

    /// Takes the first checksum that an answer has of all bytes; `nil` where it has none that is known here.
    ///
    /// - Parameter fields: The answer's fields.
    init?(_ fields: HTTPFields) {
        guard fields["x-amz-checksum-type"] != "COMPOSITE" else { return nil }
        func bytes(_ name: String, _ count: Int) -> [UInt8]? {
            // That of an upload's parts has their number behind it, and is no base64.
            fields["x-amz-checksum-\(name)"].flatMap { Base64.bytes($0) }.flatMap { $0.count == count ? $0 : nil }
        }
        if let crc = bytes("crc32c", 4) {
            (sum, expected) = (.crc(CRC32(.castagnoli)), crc)
        } else if let crc = bytes("crc32", 4) {
            (sum, expected) = (.crc(CRC32(.ieee)), crc)
        } else if let digest = bytes("sha256", SHA256Digest.byteCount) {
            (sum, expected) = (.sha256(SHA256()), digest)
        } else {
            return nil
        }
    }

    mutating func update(_ bytes: [UInt8]) {
        switch sum {
        case .crc(var crc):
            crc.update(bytes)
            sum = .crc(crc)
        case .sha256(var hash):
            // Not two owners: the bytes that wait for a block would be copied.
            sum = .crc(CRC32(.ieee))
            hash.update(bytes)
            sum = .sha256(hash)
        }
    }

    /// Whether the bytes so far have the checksum.
    var isIntact: Bool {
        switch sum {
        case .crc(let crc): crc.bytes == expected
        case .sha256(let hash): hash.finalize().bytes == expected
        }
    }
}
#endif
