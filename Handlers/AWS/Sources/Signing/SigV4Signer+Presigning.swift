#if AWS
public import AuraEffects

extension SigV4Signer {
    /// Signs a request in its query, so that whoever has the address may send it for a time.
    ///
    /// - Parameters:
    ///   - method: What the request asks.
    ///   - url: The address.
    ///   - credentials: Whose signature it is.
    ///   - now: The service's clock.
    ///   - seconds: How long it is good for.
    ///   - payloadHash: What is said of the body; S3 takes that it is not signed.
    /// - Returns: The address with its signature.
    public func presign(
        _ method: HTTPMethod,
        _ url: HTTPURL,
        _ credentials: AWSCredentials,
        at now: WallTime,
        expiresIn seconds: Int,
        payloadHash: String = unsignedPayload
    ) -> HTTPURL {
        let date = SigV4Date(now)
        let scope = "\(date.day)/\(region)/\(service)/aws4_request"
        var parameters = [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope)"),
            ("X-Amz-Date", date.text), ("X-Amz-Expires", String(seconds)), ("X-Amz-SignedHeaders", "host"),
        ]
        if let token = credentials.sessionToken {
            parameters.append(("X-Amz-Security-Token", token.withExposedValue { $0 }))
        }
        let added = parameters.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        var url = url
        url.query = url.query.map { "\($0)&\(added)" } ?? added
        let path = service == "s3" ? url.path : CanonicalRequest.encodedTwice(url.path)
        let canonical = CanonicalRequest(HTTPRequest(method, url), path: path, payloadHash: payloadHash)
        let signature = signature(of: canonical.bytes, date, credentials)
        url.query = "\(url.query ?? "")&X-Amz-Signature=\(signature.text)"
        return url
    }
}
#endif
