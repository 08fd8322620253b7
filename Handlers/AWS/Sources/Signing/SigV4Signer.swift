#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Signs requests by AWS Signature Version 4: those of the handlers, and those that an application sends itself, such as to a
/// service that asks for IAM's sign-in.
///
/// The key that is derived from a secret is kept for the day. Source: AWS, "AWS Signature Version 4 for API requests" (IAM User Guide).
public final class SigV4Signer: Sendable {
    static let algorithm = "AWS4-HMAC-SHA256"
    /// What `x-amz-content-sha256` says of a body that is not signed.
    public static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// The hash of no bytes.
    static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// The service's name within credentials' scopes.
    public let service: String
    /// The region.
    public let region: String
    private let keys = Mutex<SigningKey?>(nil)
    private let dates = Mutex<(second: Int64, date: SigV4Date)?>(nil)

    /// Creates a signer.
    ///
    /// - Parameters:
    ///   - service: The service's name within credentials' scopes, such as `s3`.
    ///   - region: The region.
    public init(service: String, region: String) {
        self.service = service
        self.region = region
    }

    /// S3 takes a path as it is sent; the others encode it once more.
    private var takesPathAsIs: Bool { service == "s3" }

    /// Signs a request in its header.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - credentials: Whose signature it is.
    ///   - now: The service's clock.
    ///   - payloadHash: What is said of the body; by default what the field `x-amz-content-sha256` says, and without it that
    ///     there is none.
    /// - Returns: The request with its date, token and signature.
    public func signed(
        _ request: HTTPRequest,
        _ credentials: AWSCredentials,
        at now: WallTime,
        payloadHash: String? = nil
    ) -> HTTPRequest {
        sign(request, credentials, at: now, payloadHash: payloadHash).request
    }

    /// Signs a request as ``signed(_:_:at:payloadHash:)`` does, and keeps what the signatures of a body's chunks go on from.
    func sign(
        _ request: HTTPRequest,
        _ credentials: AWSCredentials,
        at now: WallTime,
        payloadHash: String? = nil
    ) -> (request: HTTPRequest, signature: SigV4Signature) {
        var request = request
        let date = date(now)
        request.fields["x-amz-date"] = date.text
        if let token = credentials.sessionToken {
            let value = token.withExposedValue { $0 }
            request.fields.remove("x-amz-security-token")
            request.fields.append(HTTPField("x-amz-security-token", value, isSecret: true))
        }
        let hash = payloadHash ?? request.fields["x-amz-content-sha256"] ?? Self.emptyHash
        let canonical = CanonicalRequest(
            request,
            path: takesPathAsIs ? request.url.path : CanonicalRequest.encodedTwice(request.url.path),
            payloadHash: hash
        )
        let signature = signature(of: canonical.bytes, date, credentials)
        var authorization = Self.algorithm
        authorization += " Credential="
        authorization += credentials.accessKeyID
        authorization += "/"
        authorization += signature.scope
        authorization += ", SignedHeaders="
        authorization += canonical.signedNames
        authorization += ", Signature="
        authorization += signature.text
        request.fields.remove("authorization")
        request.fields.append(HTTPField("authorization", authorization, isSecret: true))
        return (request, signature)
    }

    /// The signature of a canonical request.
    func signature(
        of canonicalRequest: [UInt8],
        _ date: SigV4Date,
        _ credentials: AWSCredentials
    ) -> SigV4Signature {
        let derived = derivedKey(for: date.day, credentials)
        var text: [UInt8] = []
        text.reserveCapacity(192)
        text += Self.algorithm.utf8
        text.append(0x0A)
        text += date.text.utf8
        text.append(0x0A)
        text += derived.scope.utf8
        text.append(0x0A)
        text += SHA256.hash(canonicalRequest).description.utf8
        return SigV4Signature(
            text: derived.key.code(of: text).description,
            date: date,
            scope: derived.scope,
            key: derived.key
        )
    }

    private struct SigningKey {
        var day: String
        var accessKeyID: String
        var secret: Secret<String>
        var scope: String
        var key: HMACSHA256
    }

    /// The date of a moment; that of the last second is kept.
    private func date(_ now: WallTime) -> SigV4Date {
        let second = now.nanosecondsSinceEpoch / 1_000_000_000
        return dates.withLock { last in
            if let last, last.second == second { return last.date }
            let date = SigV4Date(now)
            last = (second, date)
            return date
        }
    }

    /// The key of a day, which is derived once.
    private func derivedKey(for day: String, _ credentials: AWSCredentials) -> SigningKey {
        let cached = keys.withLock { $0 }
        if let cached, cached.day == day, cached.accessKeyID == credentials.accessKeyID,
            cached.secret.isEqual(to: credentials.secretAccessKey)
        {
            return cached
        }
        var key = credentials.secretAccessKey.withExposedValue { HMACSHA256(key: Array("AWS4\($0)".utf8)) }
        for part in [day, region, service, "aws4_request"] {
            key = HMACSHA256(key: key.code(of: Array(part.utf8)).bytes)
        }
        let made = SigningKey(
            day: day,
            accessKeyID: credentials.accessKeyID,
            secret: credentials.secretAccessKey,
            scope: "\(day)/\(region)/\(service)/aws4_request",
            key: key
        )
        keys.withLock { $0 = made }
        return made
    }
}

/// A signature, with what the signatures of a body's chunks go on from.
struct SigV4Signature: Sendable {
    let text: String
    let date: SigV4Date
    let scope: String
    let key: HMACSHA256
}

/// A moment as signatures write it.
struct SigV4Date: Sendable, Hashable {
    /// Such as `20130524T000000Z`.
    let text: String
    /// Such as `20130524`.
    let day: String

    init(_ time: WallTime) {
        let iso = UTCTime.iso(time.millisecondsSinceEpoch)
        let bytes = iso.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        text = String(decoding: bytes, as: UTF8.self)
        day = String(decoding: bytes.prefix(8), as: UTF8.self)
    }

    /// The moment that ``text`` names.
    static func time(_ text: String) -> WallTime? {
        let digits = Array(text)
        guard digits.count == 16 else { return nil }
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return HTTPDate.isoTime(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
        )
    }
}

extension Secret<String> {
    /// Whether both have the same bytes; for finding what was derived from one, not for checking a password.
    func isEqual(to other: Secret<String>) -> Bool {
        withExposedValue { own in other.withExposedValue { own.utf8.elementsEqual($0.utf8) } }
    }
}
#endif
