#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Amazon's Simple Queue Service, as the executor of its requests needs to know it.
///
/// Source: Amazon SQS API Reference, version 2012-11-05; "Making Query API requests using AWS JSON protocol".
struct SQSService: AWSJSONService {
    enum Operation: String, AWSOperation {
        case getQueueURL = "GetQueueUrl"
        case sendMessageBatch = "SendMessageBatch"
        case receiveMessage = "ReceiveMessage"
        case deleteMessageBatch = "DeleteMessageBatch"
        case changeMessageVisibility = "ChangeMessageVisibility"
        case getQueueAttributes = "GetQueueAttributes"
        case purgeQueue = "PurgeQueue"
        case createQueue = "CreateQueue"

        static let service = "sqs"
    }

    static let dialect = AWSJSONClient.Dialect(target: "AmazonSQS", version: "1.0")

    let name = "sqs"
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String, _ document: JSONNode?) -> AWSJudgement? { Self.judge(name) }

    /// What a fault means, also that of one message among others.
    static func judge(_ name: String) -> AWSJudgement? {
        switch name.split(separator: ".").last {
        case "QueueDoesNotExist", "NonExistentQueue":
            AWSJudgement(.unavailable, "Create the queue, or set 'queue' to another one.", isRetryable: false)
        case "QueueDeletedRecently": AWSJudgement(.unavailable, "The queue was deleted less than a minute ago.")
        case "ReceiptHandleIsInvalid", "MessageNotInflight": AWSJudgement(.preconditionFailed)
        case "OverLimit": AWSJudgement(.resourceExhausted, "Too many messages are received and not acknowledged.")
        case "KmsThrottled": AWSJudgement(.throttled)
        case "KmsAccessDenied", "InvalidSecurity": AWSJudgement(.permissionDenied)
        default: nil
        }
    }
}
#endif
