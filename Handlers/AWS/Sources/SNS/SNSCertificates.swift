#if AWS
internal import AuraEffects
internal import AuraRuntime
internal import OpenSSLSupport
internal import Synchronization

/// The certificates that SNS signs messages with, each fetched once.
///
/// Who one is of is proved by TLS, over which it is fetched from SNS's own host.
final class SNSCertificates: Sendable {
    private let http: any HTTPEffects
    private let host: String
    private let errors: HandlerErrors
    private let known = Mutex<[String: Certificate]>([:])

    private static let mostBytes = 1 << 16
    /// So many are kept; SNS has a few at a time.
    private static let mostKnown = 16

    /// Creates the certificates of a region's SNS.
    init(region: String, http: any HTTPEffects, errors: HandlerErrors) {
        self.http = http
        self.errors = errors
        host = "sns.\(region).\(AWSAddress.domain(of: region))"
    }

    /// The certificate at an address.
    func certificate(at address: String) async throws(EffectError) -> Certificate {
        // The address came from whoever sent the message: only SNS itself says which are its own.
        guard let url = HTTPURL(address), url.scheme == .https, url.host == host, url.port == nil || url.port == 443,
            url.path.hasSuffix(".pem"), url.query == nil
        else {
            let message = "What came to the address is refused: its certificate is not at 'https://\(host)/'."
            throw errors.error(.unauthenticated, in: "read", message)
        }
        if let certificate = known.withLock({ $0[address] }) { return certificate }
        let response: HTTPResponse
        let bytes: [UInt8]
        do throws(EffectError) {
            response = try await http.send(HTTPRequest(.get, url))
            bytes = try await response.body.bytes(atMost: Self.mostBytes)
        } catch {
            let message = "The certificate of SNS could not be fetched: \(error.message)"
            throw errors.error(error.code, in: "read", message, cause: error, isRetryable: error.isRetryable)
        }
        guard response.isSuccess, let certificate = try? Certificate.read(pem: bytes, from: address).first else {
            let message = "'\(host)' answered \(response.status) without a certificate, by which messages are checked."
            throw errors.error(.unavailable, in: "read", message)
        }
        known.withLock { known in
            if known.count >= Self.mostKnown { known = [:] }
            known[address] = certificate
        }
        return certificate
    }
}
#endif
