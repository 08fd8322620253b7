#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Signs requests of one service with credentials that are kept fresh, by the service's clock.
final class AWSAuthProvider: AuthProvider {
    let signer: SigV4Signer
    let credentials: RefreshingCredentials<AWSCredentials>
    let skew: ClockSkew

    init(signer: SigV4Signer, credentials: RefreshingCredentials<AWSCredentials>, time: any TimeEffects) {
        self.signer = signer
        self.credentials = credentials
        skew = ClockSkew(time: time)
    }

    func authorize(_ request: HTTPRequest) async throws(EffectError) -> HTTPRequest {
        let credentials = try await credentials.current()
        let (signed, signature) = signer.sign(request, credentials, at: skew.now)
        guard let body = signed.body, let hash = signed.fields["x-amz-content-sha256"],
            let proof = ChunkedPayload.Proof(rawValue: hash),
            let count = signed.fields["x-amz-decoded-content-length"].flatMap({ Int($0) })
        else { return signed }
        var chunked = signed
        chunked.body = ChunkedPayload(proof: proof, byteCount: count).encode(body, after: signature)
        return chunked
    }

    func mayRecover(from fault: ServiceFault, of request: HTTPRequest) async -> Bool {
        guard [400, 401, 403].contains(fault.status) else { return false }
        switch fault.name {
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "SignatureDoesNotMatch",
            "InvalidSignatureException":
            return correctClock(from: fault, of: request)
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken":
            return dropCredentials(of: request)
        // The answer to 'HEAD' has no name of what is wrong.
        case "": return correctClock(from: fault, of: request) || dropCredentials(of: request)
        default: return false
        }
    }

    /// Takes the service's clock over where the request was dated by another one.
    private func correctClock(from fault: ServiceFault, of request: HTTPRequest) -> Bool {
        guard let date = fault.date, let signed = request.fields["x-amz-date"].flatMap({ SigV4Date.time($0) }),
            abs(date.nanosecondsSinceEpoch - signed.nanosecondsSinceEpoch) > Self.leastSkew
        else { return false }
        skew.correct(to: date)
        return true
    }

    /// Services take up to 5 or 15 minutes.
    private static let leastSkew: Int64 = 240 * 1_000_000_000

    private func dropCredentials(of request: HTTPRequest) -> Bool {
        guard request.fields["x-amz-security-token"] != nil else { return false }
        let authorization = request.fields["authorization"] ?? ""
        credentials.drop { $0.sessionToken != nil && authorization.contains("Credential=\($0.accessKeyID)/") }
        return true
    }

    func stop() async {
        await credentials.stop()
    }
}

/// Sends requests as they are: to services that ask for no signature.
struct NoAuthProvider: AuthProvider {
    func authorize(_ request: HTTPRequest) async throws(EffectError) -> HTTPRequest { request }
    func mayRecover(from fault: ServiceFault, of request: HTTPRequest) async -> Bool { false }
    func stop() async {}
}
#endif
