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
        switch fault.name {
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
            return fault.date.map { skew.correct(to: $0) } ?? false
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken":
            let authorization = request.fields["authorization"] ?? ""
            credentials.drop { $0.sessionToken != nil && authorization.contains("Credential=\($0.accessKeyID)/") }
            return true
        default: return false
        }
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
