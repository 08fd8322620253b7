#if AWS
internal import AuraEffects

/// What a fault of a service means.
struct AWSJudgement {
    var code: EffectError.Code
    /// What to do next, where there is more to say than the service does.
    var advice = ""
    /// Whether the same request may succeed later; `nil` for what `code` says.
    var isRetryable: Bool?
    /// Whether the service may have carried the request out all the same.
    var mayHaveApplied = false

    init(_ code: EffectError.Code, _ advice: String = "", isRetryable: Bool? = nil, mayHaveApplied: Bool = false) {
        self.code = code
        self.advice = advice
        self.isRetryable = isRetryable
        self.mayHaveApplied = mayHaveApplied
    }
}

/// What the names of AWS's faults mean, where services agree.
enum AWSFault {
    /// The code of a fault.
    ///
    /// - Parameters:
    ///   - name: The service's name of it; empty where there is none.
    ///   - status: The status of the answer.
    /// - Returns: The code.
    static func code(named name: String, status: Int) -> EffectError.Code {
        switch name {
        case "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "AccountProblem", "UnauthorizedAccess",
            "UnauthorizedOperation":
            return .permissionDenied
        case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
            "InvalidSignatureException", "ExpiredToken", "ExpiredTokenException", "InvalidToken",
            "TokenRefreshRequired", "InvalidIdentityToken", "IDPRejectedClaim", "MissingAuthenticationToken",
            "MissingSecurityHeader", "IncompleteSignature", "AuthorizationHeaderMalformed", "RequestTimeTooSkewed",
            "RequestExpired", "RequestInTheFuture", "NotSignedUp":
            return .unauthenticated
        case "SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
            "RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "BandwidthLimitExceeded",
            "ProvisionedThroughputExceededException", "PriorRequestNotComplete", "EC2ThrottledException":
            return .throttled
        default: return code(status: status)
        }
    }

    private static func code(status: Int) -> EffectError.Code {
        switch status {
        case 401: .unauthenticated
        case 403: .permissionDenied
        case 404: .notFound
        case 304, 412: .preconditionFailed
        case 409: .conflict
        case 429, 503: .throttled
        case 500...599: .unavailable
        default: .invalidArgument
        }
    }
}
#endif
