#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Topics of Amazon's Simple Notification Service.
///
/// A subscription that is pulled is a queue of SQS of its name, which the topic sends to; one that is pushed has SNS send to an
/// address of HTTP, which carries the subscription's name. A message carries its own name to every subscription, so that a copy
/// that comes twice has one name.
public final class SNSPubSubHandler: PubSubEffects {
    /// The name in profiles.
    public static let technology = "sns"

    /// What every handler of SNS's topics declares.
    public static let capabilities = Capabilities(
        [.receive, .filters, .push, .durable, .multiProcess],
        limits: [
            // What Base64, the types of attributes and the message's own name leave of 256 KiB.
            .messageBytes: ByteCount.kibibytes(191).bytes,
            // SQS's ten, of which one may say how the body is encoded, and one is the message's name.
            .messageAttributes: 8,
            .batchMessages: 10,
            .visibilitySeconds: 43_200,
            .waitSeconds: 20,
        ]
    )

    let sns: AWSQueryClient
    let queues: AWSJSONClient
    let validation: MessageValidation
    let context: HandlerContext
    let certificates: SNSCertificates
    private let sts: AWSQueryClient
    private let config: CloudConfig
    private let region: String
    private let known = Mutex(Known())

    /// What was asked for once.
    private struct Known {
        var address: SNSAddress?
        /// By the subscription's name; with what they know of receipts.
        var queues: [SubscriptionName: SQSQueueHandler] = [:]
    }

    private init(
        _ sns: AWSQueryClient,
        _ sts: AWSQueryClient,
        _ queues: AWSJSONClient,
        _ config: CloudConfig,
        region: String,
        _ context: HandlerContext
    ) {
        self.sns = sns
        self.sts = sts
        self.queues = queues
        self.config = config
        self.region = region
        self.context = context
        validation = MessageValidation(errors: sns.errors, capabilities: Self.capabilities)
        certificates = SNSCertificates(region: region, http: context.http, errors: sns.errors)
    }

    /// Makes the handler of an account's topics in a region; no request is sent before the first call.
    static func open(
        _ config: CloudConfig,
        _ access: AWSAccess,
        _ context: HandlerContext
    ) async throws(EffectError) -> SNSPubSubHandler {
        let errors = HandlerErrors(TopicsEffect.self, handler: technology)
        let connection = try await AWSConnection.open("sns", config, access, errors, context)
        let attempts = access.attemptsOfParts
        let queues = AWSJSONClient(
            SQSService(missing: AWSJudgement(.notFound, "Create the subscription first.")),
            SQSService.dialect,
            try await AWSConnection.open("sqs", config, access, errors, context),
            config,
            attemptsOfParts: attempts,
            errors: errors,
            context: context
        )
        let sts = AWSQueryClient(
            STSService(),
            try await AWSConnection.open("sts", config, access, errors, context),
            config,
            attemptsOfParts: attempts,
            errors: errors,
            context: context
        )
        let sns = AWSQueryClient(
            SNSService(),
            connection,
            config,
            attemptsOfParts: attempts,
            errors: errors,
            context: context
        )
        return SNSPubSubHandler(sns, sts, queues, config, region: connection.region, context)
    }

    /// Pulled and pushed subscriptions with filters, and the limits of messages, calls and times.
    public var capabilities: Capabilities { Self.capabilities }

    var errors: HandlerErrors { sns.errors }

    /// Ends what is under way besides requests.
    func stop() async {
        await sns.executor.stop()
        await sts.executor.stop()
        await queues.executor.stop()
    }

    /// The account's topics; STS is asked for the account once.
    func address(for method: String) async throws(EffectError) -> SNSAddress {
        if let address = known.withLock({ $0.address }) { return address }
        let parts = AWSJSONClient.Parts(isPart: true)
        let answer = try await sts.send(STSService.Operation.getCallerIdentity.effectOperation, [], parts, for: method)
        guard let address = answer.text("Arn").flatMap({ SNSAddress(caller: $0, region: region) }) else {
            let message = "The answer does not say whose the credentials are: see whether the endpoint is that of STS."
            throw errors.error(.unavailable, in: method, message, isRetryable: false)
        }
        known.withLock { $0.address = address }
        return address
    }

    /// The ARN of a topic.
    func arn(of topic: TopicName, for method: String) async throws(EffectError) -> String {
        try errors.check(name: topic.rawValue, of: "topic", atMost: 80, in: method)
        return try await address(for: method).arn(of: topic)
    }

    /// The queue of a subscription that is pulled.
    func queue(of name: SubscriptionName, in method: String) throws(EffectError) -> SQSQueueHandler {
        try errors.check(name: name.rawValue, of: "subscription", atMost: 80, in: method)
        return known.withLock { known in
            if let queue = known.queues[name] { return queue }
            let options = SQSOptions(queue: name.rawValue)
            let queue = SQSQueueHandler(options, queues, Self.capabilities, config, context)
            known.queues[name] = queue
            return queue
        }
    }

    /// Forgets the queue of a subscription that has ended.
    func forgetQueue(of name: SubscriptionName) {
        known.withLock { $0.queues[name] = nil }
    }

    /// Sends a request to SNS.
    func send(
        _ operation: SNSService.Operation,
        _ parameters: [(String, String)],
        _ parts: AWSJSONClient.Parts,
        for method: String
    ) async throws(EffectError) -> XMLElement {
        try await sns.send(operation.effectOperation, parameters, parts, for: method)
    }
}
#endif
