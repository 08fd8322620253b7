#if AWS
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The keys that SNS signs messages with, each fetched once.
final class SNSCertificates: Sendable {
    private let http: any HTTPEffects
    private let host: String
    private let errors: HandlerErrors
    private let keys = Mutex<[String: RSAPublicKey]>([:])

    private static let mostBytes = 1 << 16
    /// So many keys are kept; SNS has a few at a time.
    private static let mostKeys = 16

    /// Creates keys of a region's SNS.
    init(region: String, http: any HTTPEffects, errors: HandlerErrors) {
        self.http = http
        self.errors = errors
        host = "sns.\(region).\(AWSAddress.domain(of: region))"
    }

    /// The key of the certificate at an address.
    func key(at address: String) async throws(EffectError) -> RSAPublicKey {
        // The address came from whoever sent the message: only SNS itself says which keys are its own.
        guard let url = HTTPURL(address), url.scheme == .https, url.host == host, url.port == nil || url.port == 443,
            url.path.hasSuffix(".pem"), url.query == nil
        else {
            let message = "What came to the address is refused: its certificate is not at 'https://\(host)/'."
            throw errors.error(.unauthenticated, in: "read", message)
        }
        if let key = keys.withLock({ $0[address] }) { return key }
        let response: HTTPResponse
        let bytes: [UInt8]
        do throws(EffectError) {
            response = try await http.send(HTTPRequest(.get, url))
            bytes = try await response.body.bytes(atMost: Self.mostBytes)
        } catch {
            let message = "The certificate of SNS could not be fetched: \(error.message)"
            throw errors.error(error.code, in: "read", message, cause: error, isRetryable: error.isRetryable)
        }
        guard response.isSuccess, let key = SNSCertificate.key(bytes) else {
            let message = "'\(host)' answered \(response.status) without a certificate, by which messages are checked."
            throw errors.error(.unavailable, in: "read", message)
        }
        keys.withLock { keys in
            if keys.count >= Self.mostKeys { keys = [:] }
            keys[address] = key
        }
        return key
    }
}
#endif
