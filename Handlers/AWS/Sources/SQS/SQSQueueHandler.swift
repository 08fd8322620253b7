#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Where a handler's messages are.
struct SQSOptions: Sendable {
    /// The queue's name or URL.
    var queue: String
    /// The name or URL of the queue that takes dead letters; `nil` where there is none.
    var deadLetters: String?
    /// How often a message is delivered before it becomes a dead letter; `nil` where it is not known.
    var deliveries: Int?

    /// Whether the queue keeps the order of groups: its name says so.
    var isOrdered: Bool { queue.hasSuffix(".fifo") }
}

/// A queue of Amazon's Simple Queue Service, standard or FIFO, as its name says.
///
/// A receipt ends with its time by the handler's clock: SQS itself would take it, and remove a message that somebody else has.
/// A message of a FIFO queue that has no group is one of a group of its own, and one without a name is given one, so that repeating
/// a request whose answer was lost sends nothing twice; to a standard queue such a request is not repeated.
public final class SQSQueueHandler: MessageQueueEffects {
    /// The name in profiles.
    public static let technology = "sqs"

    /// SQS, "Message quotas": older queues take no larger messages, and no larger batches.
    static let mostBatchBytes = 256 << 10

    /// Receiving; order and names with a FIFO queue, delays with a standard one; dead letters where their queue is set.
    public let capabilities: Capabilities

    let client: AWSJSONClient
    let options: SQSOptions
    let time: any TimeEffects
    let random: any RandomEffects
    let validation: MessageValidation
    let receiptTimes = SQSReceiptTimes()
    /// How long one request may wait for messages.
    let longestPoll: Duration
    private let urls = Mutex<[QueueSource: String]>([:])

    /// Creates the handler of a queue.
    ///
    /// - Parameters:
    ///   - options: Where the messages are.
    ///   - client: What sends the requests, and makes the errors.
    ///   - capabilities: What the handler declares.
    ///   - config: What surrounds each request.
    ///   - context: The clock, and where names come from.
    init(
        _ options: SQSOptions,
        _ client: AWSJSONClient,
        _ capabilities: Capabilities,
        _ config: CloudConfig,
        _ context: HandlerContext
    ) {
        self.options = options
        self.client = client
        self.capabilities = capabilities
        time = context.time
        random = context.random
        validation = MessageValidation(errors: client.errors, capabilities: capabilities)
        // A wait must not be cut off as a request that takes too long.
        let limits = [config.policy.deadline, config.policy.attemptTimeout].compactMap { $0 }.map { $0 / 2 }
        longestPoll = max(.seconds(1), min(.seconds(20), limits.min() ?? .seconds(20)))
    }

    /// Makes the handler of a queue; no request is sent before the first call.
    static func open(
        _ options: SQSOptions,
        _ config: CloudConfig,
        _ access: AWSAccess,
        _ context: HandlerContext
    ) async throws(EffectError) -> SQSQueueHandler {
        let errors = HandlerErrors(QueueEffect.self, handler: technology)
        guard !options.queue.isEmpty, options.deadLetters?.isEmpty != true else {
            throw errors.refusal("A queue's name is empty")
        }
        guard options.deliveries == nil || options.deadLetters != nil else {
            throw errors.refusal("'deliveries' is set without 'deadLetters'")
        }
        let connection = try await AWSConnection.open("sqs", config, access, errors, context)
        let client = AWSJSONClient(
            SQSService(),
            SQSService.dialect,
            connection,
            config,
            attemptsOfParts: access.attemptsOfParts,
            errors: errors,
            context: context
        )
        return SQSQueueHandler(options, client, capabilities(options), config, context)
    }

    static func capabilities(_ options: SQSOptions) -> Capabilities {
        var names: Set<Capability> = [.receive, .durable, .multiProcess]
        var limits: [Limit: Int] = [
            // What Base64 and the types of attributes leave of 256 KiB.
            .messageBytes: ByteCount.kibibytes(191).bytes,
            // SQS's ten, of which one may say how the body is encoded.
            .messageAttributes: 9,
            .batchMessages: 10,
            .visibilitySeconds: 43_200,
            .waitSeconds: 20,
        ]
        if options.isOrdered {
            names.formUnion([.fifo, .deduplication, .exclusiveDelivery])
            limits[.deduplicationSeconds] = 300
        } else {
            names.insert(.delay)
            limits[.delaySeconds] = 900
        }
        if options.deadLetters != nil { names.insert(.deadLetters) }
        if let deliveries = options.deliveries { limits[.deliveries] = deliveries }
        return Capabilities(names, limits: limits)
    }

    var errors: HandlerErrors { validation.errors }

    /// Ends what is under way besides requests.
    func stop() async {
        await client.executor.stop()
    }

    /// Sends a request about one of the queues.
    func send(
        _ operation: SQSService.Operation,
        _ source: QueueSource,
        _ members: [(String, JSONValue?)],
        _ parts: AWSJSONClient.Parts,
        for method: String
    ) async throws(EffectError) -> JSONNode {
        let url = try await url(of: source, for: method)
        let input = JSONValue.members([("QueueUrl", .string(url))] + members)
        return try await client.send(operation.effectOperation, input, parts, for: method)
    }

    /// The URL of a queue, which SQS is asked for once where its name is all that is known.
    func url(of source: QueueSource, for method: String) async throws(EffectError) -> String {
        let queue = source == .messages ? options.queue : options.deadLetters ?? ""
        if queue.hasPrefix("https://") || queue.hasPrefix("http://") { return queue }
        if let known = urls.withLock({ $0[source] }) { return known }
        let input: JSONValue = ["QueueName": .string(queue)]
        let parts = AWSJSONClient.Parts(resource: queue, isPart: true)
        let answer = try await client.send(
            SQSService.Operation.getQueueURL.effectOperation,
            input,
            parts,
            for: method
        )
        guard let url = answer.text("QueueUrl") else {
            let message = "The answer has no URL of the queue: see whether the endpoint is that of SQS."
            throw errors.error(.unavailable, in: method, message, isRetryable: false)
        }
        urls.withLock { $0[source] = url }
        return url
    }

    /// The error of a receipt that gives no right any more.
    func receiptIsOver(in operation: String) -> EffectError {
        let message = "The receipt's time is over, and the message is delivered again: deal with that delivery."
        return errors.error(.preconditionFailed, in: operation, message)
    }

    /// The error of one message among others.
    func error(of node: JSONNode, in operation: String) -> EffectError {
        let name = AWSJSONFault.name(node.text("Code") ?? "")
        let status = node["SenderFault"]?.isTrue == false ? 500 : 400
        let judgement = SQSService.judge(name) ?? AWSJSONFault.judge(name, status)
        let words = node.text("Message").map { ": \(HandlerErrors.quote($0))" } ?? ""
        let message = "The service refused one of several messages with \(name)\(words). \(judgement.advice)"
        return errors.error(
            judgement.code,
            in: operation,
            message.trimmingBlanks(),
            isRetryable: judgement.isRetryable
        )
    }
}
#endif
