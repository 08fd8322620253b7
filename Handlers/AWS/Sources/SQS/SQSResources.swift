#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension SQSQueueHandler {
    /// The queue and the one of its dead letters; whether they are there.
    func queueStatus() async throws(EffectError) -> [ServiceResource] {
        var found: [ServiceResource] = []
        for name in queueNames { found.append(try await status(of: name)) }
        return found
    }

    /// Makes the queues that are missing, the one of the dead letters first.
    func createQueues() async throws(EffectError) -> [ServiceResource] {
        let before = try await queueStatus()
        for resource in before where !resource.exists { try await create(resource.name) }
        return before
    }

    private var queueNames: [String] {
        [options.deadLetters, options.queue].compactMap { $0?.split(separator: "/").last.map(String.init) }
    }

    private func create(_ name: String) async throws(EffectError) {
        var attributes: [(String, JSONValue?)] = [("FifoQueue", name.hasSuffix(".fifo") ? "true" : nil)]
        if name == queueNames.last, queueNames.count == 2 {
            let target = try await resourceName(of: queueNames[0])
            // What SQS's console proposes.
            let count = options.deliveries ?? 10
            let policy: JSONValue = ["deadLetterTargetArn": .string(target), "maxReceiveCount": .integer(count)]
            attributes.append(("RedrivePolicy", .string(policy.line)))
        }
        let input: JSONValue = ["QueueName": .string(name), "Attributes": .members(attributes)]
        let parts = AWSJSONClient.Parts(resource: name, changes: true)
        _ = try await client.send(SQSService.Operation.createQueue.effectOperation, input, parts, for: "create")
    }

    private func status(of name: String) async throws(EffectError) -> ServiceResource {
        ServiceResource("SQS queue", name, exists: try await address(of: name) != nil)
    }

    /// The URL of a queue; `nil` where there is no such queue.
    private func address(of name: String) async throws(EffectError) -> String? {
        let missing = ["QueueDoesNotExist", "NonExistentQueue"]
            .flatMap { [$0, "AWS.SimpleQueueService.\($0)"] }
        let meanings = Dictionary(uniqueKeysWithValues: missing.map { ($0, EffectError.Code.notFound) })
        let parts = AWSJSONClient.Parts(resource: name, meanings: meanings)
        do throws(EffectError) {
            let operation = SQSService.Operation.getQueueURL.effectOperation
            return try await client.send(operation, ["QueueName": .string(name)], parts, for: "create").text("QueueUrl")
        } catch  where error.code == .notFound {
            return nil
        }
    }

    private func resourceName(of name: String) async throws(EffectError) -> String {
        let url = try await address(of: name) ?? ""
        let input: JSONValue = ["QueueUrl": .string(url), "AttributeNames": .array(["QueueArn"])]
        let operation = SQSService.Operation.getQueueAttributes.effectOperation
        let answer = try await client.send(operation, input, AWSJSONClient.Parts(resource: name), for: "create")
        return answer["Attributes"]?.text("QueueArn") ?? ""
    }
}
#endif
