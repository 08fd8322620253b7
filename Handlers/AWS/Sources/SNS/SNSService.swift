#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Amazon's Simple Notification Service, as the executor of its requests needs to know it.
///
/// Source: Amazon SNS API Reference, version 2010-03-31.
struct SNSService: AWSQueryService {
    enum Operation: String, AWSOperation {
        case createTopic = "CreateTopic"
        case deleteTopic = "DeleteTopic"
        case getTopicAttributes = "GetTopicAttributes"
        case setTopicAttributes = "SetTopicAttributes"
        case publishBatch = "PublishBatch"
        case subscribe = "Subscribe"
        case unsubscribe = "Unsubscribe"
        case confirmSubscription = "ConfirmSubscription"
        case getSubscriptionAttributes = "GetSubscriptionAttributes"
        case listSubscriptions = "ListSubscriptions"
        case listSubscriptionsByTopic = "ListSubscriptionsByTopic"

        static let service = "sns"
    }

    let name = "sns"
    let version = "2010-03-31"
    let mayBeQuoted = true
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String) -> AWSJudgement? { Self.judge(name) }

    /// What a fault means, also that of one message among others.
    static func judge(_ name: String) -> AWSJudgement? {
        switch name {
        case "NotFound", "NotFoundException", "ResourceNotFound", "ResourceNotFoundException":
            AWSJudgement(.notFound, "Create the topic first.")
        case "AuthorizationError", "KMSAccessDenied", "InvalidSecurity": AWSJudgement(.permissionDenied)
        case "Throttled", "KMSThrottling": AWSJudgement(.throttled)
        case "TopicLimitExceeded", "SubscriptionLimitExceeded", "FilterPolicyLimitExceeded":
            AWSJudgement(.resourceExhausted, isRetryable: false)
        default: nil
        }
    }
}
#endif
