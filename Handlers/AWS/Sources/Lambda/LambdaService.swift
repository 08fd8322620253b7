#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// AWS Lambda, as the executor of its requests needs to know it.
///
/// Source: AWS Lambda API Reference, version 2015-03-31, "Invoke".
struct LambdaService: AWSJSONService {
    enum Operation: String, AWSOperation {
        case invoke = "Invoke"

        static let service = "lambda"
    }

    let name = "lambda"
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String, _ document: JSONNode?) -> AWSJudgement? {
        switch name {
        case "ResourceNotFoundException": AWSJudgement(.notFound, "Create the function, or the version or alias.")
        case "CodeArtifactUserPendingException", "ResourceConflictException", "ResourceNotReadyException",
            "SnapStartNotReadyException", "ENILimitReachedException", "SubnetIPAddressLimitReachedException":
            AWSJudgement(.unavailable, "The function is not ready yet: try again.", isRetryable: true)
        case "InvalidRuntimeException", "InvalidZipFileException", "InvalidSecurityGroupIDException",
            "InvalidSubnetIDException", "SnapStartException", "KMSAccessDeniedException", "KMSDisabledException",
            "KMSInvalidStateException", "KMSNotFoundException", "EC2AccessDeniedException":
            AWSJudgement(.unavailable, "The function cannot be started: repair how it is set up.", isRetryable: false)
        case "RequestTooLargeException", "InvalidRequestContentException", "UnsupportedMediaTypeException":
            AWSJudgement(.invalidArgument)
        case "RecursiveInvocationException": AWSJudgement(.resourceExhausted, isRetryable: false)
        default: nil
        }
    }
}
#endif
