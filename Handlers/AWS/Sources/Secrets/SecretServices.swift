#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// AWS Secrets Manager, as the executor of its requests needs to know it.
///
/// Source: AWS Secrets Manager API Reference, version 2017-10-17.
struct SecretsManagerService: AWSJSONService {
    enum Operation: String, AWSOperation {
        case getSecretValue = "GetSecretValue"

        static let service = "secretsmanager"
    }

    static let dialect = AWSJSONClient.Dialect(target: "secretsmanager", version: "1.1")

    let name = "secretsmanager"
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String, _ document: JSONNode?) -> AWSJudgement? {
        name == "ResourceNotFoundException" ? AWSJudgement(.notFound) : SecretFault.judge(name)
    }
}

/// The Parameter Store of AWS Systems Manager, as the executor of its requests needs to know it.
///
/// Source: AWS Systems Manager API Reference, version 2014-11-06.
struct ParameterService: AWSJSONService {
    enum Operation: String, AWSOperation {
        case getParameter = "GetParameter"

        static let service = "ssm"
    }

    static let dialect = AWSJSONClient.Dialect(target: "AmazonSSM", version: "1.1")

    let name = "ssm"
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String, _ document: JSONNode?) -> AWSJudgement? {
        switch name {
        case "ParameterNotFound", "ParameterVersionNotFound": AWSJudgement(.notFound)
        default: SecretFault.judge(name)
        }
    }
}

/// AWS Key Management Service, as the executor of its requests needs to know it.
///
/// Source: AWS Key Management Service API Reference, version 2014-11-01.
struct KMSService: AWSJSONService {
    enum Operation: String, AWSOperation {
        case encrypt = "Encrypt"
        case decrypt = "Decrypt"

        static let service = "kms"
    }

    static let dialect = AWSJSONClient.Dialect(target: "TrentService", version: "1.1")

    let name = "kms"
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String, _ document: JSONNode?) -> AWSJudgement? {
        switch name {
        case "NotFoundException": AWSJudgement(.notFound, "Create the key, or name another one.")
        case "InvalidCiphertextException", "IncorrectKeyException":
            AWSJudgement(.corrupted, "It was wrapped by another key or for another purpose, or was changed.")
        default: SecretFault.judge(name)
        }
    }
}

/// What faults mean to every one of these services.
enum SecretFault {
    static func judge(_ name: String) -> AWSJudgement? {
        switch name {
        case "DecryptionFailure", "InvalidKeyId", "DisabledException", "KMSInvalidStateException":
            AWSJudgement(.permissionDenied, "Enable the KMS key, and let the caller use it.")
        case "KeyUnavailableException", "DependencyTimeoutException", "KMSInternalException", "InternalServiceError":
            AWSJudgement(.unavailable)
        default: nil
        }
    }
}
#endif
