#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Amazon's Simple Storage Service, as the executor needs to know it.
///
/// Source: Amazon S3 API Reference, version 2006-03-01; "Error responses".
struct S3Service: CloudService {
    /// The service's operations, as its reference names them.
    enum Operation: String, CaseIterable {
        case headObject = "HeadObject"
        case getObject = "GetObject"
        case putObject = "PutObject"
        case deleteObject = "DeleteObject"
        case copyObject = "CopyObject"
        case listObjects = "ListObjectsV2"
        case createMultipartUpload = "CreateMultipartUpload"
        case uploadPart = "UploadPart"
        case uploadPartCopy = "UploadPartCopy"
        case completeMultipartUpload = "CompleteMultipartUpload"
        case abortMultipartUpload = "AbortMultipartUpload"
        case listParts = "ListParts"
        case listMultipartUploads = "ListMultipartUploads"
        case listObjectVersions = "ListObjectVersions"
        case createBucket = "CreateBucket"

        /// The operation within the catalogue.
        var effectOperation: EffectOperation { S3Service.catalogue[self.index] }

        private var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    private static let catalogue = Operation.allCases.enumerated()
        .map { index, operation in
            EffectOperation(effect: "s3", name: operation.rawValue, index: index, idempotency: .dependsOnArguments)
        }

    let name = "s3"
    var operations: [EffectOperation] { Self.catalogue }

    func fault(_ response: HTTPResponse, body: [UInt8]) -> ServiceFault {
        let document = try? XMLReader.read(body)
        return fault(response, document: document)
    }

    /// Reads a fault that came as a document.
    ///
    /// - Parameters:
    ///   - response: The answer that it came in.
    ///   - document: The document; `nil` where there is none, as with `HEAD`.
    /// - Returns: What is wrong.
    func fault(_ response: HTTPResponse, document: XMLElement?) -> ServiceFault {
        let name = document?.text("Code") ?? ""
        let words = document?.text("Message") ?? ""
        let requestID = response.fields["x-amz-request-id"] ?? document?.text("RequestId") ?? ""
        let judgement = Self.judge(name, response.status)
        var fault = ServiceFault(
            judgement.code,
            name: name,
            words: words.isEmpty ? "" : HandlerErrors.quote(words),
            advice: judgement.advice,
            of: response,
            requestID: requestID.isEmpty ? "" : String(HandlerErrors.quote(requestID).dropFirst().dropLast()),
            isRetryable: judgement.isRetryable,
            mayHaveApplied: judgement.mayHaveApplied
        )
        if let region = response.fields["x-amz-bucket-region"] ?? document?.text("Region"),
            CloudRegion(rawValue: region).isValid,
            (300..<400).contains(response.status) || name == "AuthorizationHeaderMalformed"
        {
            fault.advice = "The bucket is in the region '\(region)': set 'region' to it."
        }
        return fault
    }

    private static func judge(_ name: String, _ status: Int) -> AWSJudgement {
        switch name {
        case "NoSuchBucket":
            // Not 'notFound': an object that is not there is no reason to look at the settings.
            return AWSJudgement(.unavailable, "Create the bucket, or set 'bucket' to another one.", isRetryable: false)
        case "NoSuchKey", "NoSuchUpload", "NoSuchVersion": return AWSJudgement(.notFound)
        case "ConditionalRequestConflict", "OperationAborted":
            return AWSJudgement(
                .unavailable,
                "Another change of the same object was under way: try again.",
                isRetryable: true
            )
        case "RequestTimeout", "IncompleteBody":
            return AWSJudgement(.unavailable, "The body did not arrive in time: try again.")
        case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "InvalidDigest":
            return AWSJudgement(.unavailable, "The bytes were damaged on their way, and nothing was stored: try again.")
        case "QuotaExceeded", "TooManyBuckets": return AWSJudgement(.resourceExhausted, isRetryable: false)
        case "NotImplemented": return AWSJudgement(.unsupported, "The store at this endpoint lacks it.")
        case "PreconditionFailed": return AWSJudgement(.preconditionFailed)
        case "ServiceUnavailable": return AWSJudgement(.throttled)
        case "InternalError": return AWSJudgement(.unavailable, mayHaveApplied: true)
        default: break
        }
        switch status {
        // A success that took long turned out to be none, for a reason that is not known here.
        case 200..<300: return AWSJudgement(.unavailable, mayHaveApplied: true)
        case 301, 307, 308:
            return AWSJudgement(.invalidArgument, "The bucket is somewhere else: set 'region' or 'endpoint'.")
        case 503 where name.isEmpty: return AWSJudgement(.throttled)
        case 500...599 where AWSFault.code(named: name, status: status) == .unavailable:
            return AWSJudgement(.unavailable, mayHaveApplied: true)
        default: return AWSJudgement(AWSFault.code(named: name, status: status))
        }
    }
}
#endif
