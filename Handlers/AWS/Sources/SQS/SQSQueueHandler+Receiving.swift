#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension SQSQueueHandler {
    /// How long a request that waits goes on once its receiver is cancelled: a message may be on its way.
    ///
    /// What SQS has taken for it when it is cut off stays hidden until its time is over.
    private static let grace = Duration.seconds(1)

    /// Receives messages and hides them from other receivers: one request for each 20 s of waiting.
    ///
    /// A receiver that is cancelled is still given what was on its way to it.
    public func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        try errors.checkCancellation(in: "receive")
        let size = try validation.receivable(source, limit: limit, visibility: visibility, wait: wait, in: "receive")
        let end = time.monotonicNow.advanced(by: wait)
        while true {
            let left = time.monotonicNow.duration(to: end)
            let share = max(.zero, min(left, longestPoll))
            let request = Task { () -> Result<[ReceivedMessage], EffectError> in
                do throws(EffectError) {
                    return .success(try await poll(source, size, visibility, for: share))
                } catch {
                    return .failure(error)
                }
            }
            let result = await withTaskCancellationHandler {
                await request.value
            } onCancel: {
                Task { [time] in
                    try? await time.sleep(for: Self.grace)
                    request.cancel()
                }
            }
            let messages = try result.get()
            if !messages.isEmpty { return messages }
            try errors.checkCancellation(in: "receive")
            if time.monotonicNow >= end { return [] }
        }
    }

    private func poll(
        _ source: QueueSource,
        _ limit: Int,
        _ visibility: Duration,
        for wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        let seconds = SQSMessage.seconds(visibility)
        var members: [(String, JSONValue?)] = [
            ("MaxNumberOfMessages", .integer(limit)), ("VisibilityTimeout", .integer(seconds)),
            ("WaitTimeSeconds", .integer(SQSMessage.seconds(wait))), ("MessageAttributeNames", .array(["All"])),
            (
                "MessageSystemAttributeNames",
                .array(["ApproximateReceiveCount", "SentTimestamp", "MessageGroupId"])
            ),
        ]
        // By this name a request that is repeated gets what the first one got.
        let name = options.isOrdered ? IdempotencyToken(random).rawValue : nil
        members.append(("ReceiveRequestAttemptId", name.map { .string($0) }))
        let parts = AWSJSONClient.Parts(resource: source.rawValue, isIdempotent: name != nil, changes: true)
        let start = time.now
        let answer = try await send(.receiveMessage, source, members, parts, for: "receive")
        // Where the request waited the time began later: by when it ended, less what SQS and the way may have taken.
        let begin = wait == .zero ? start : Self.later(start, time.now.later(by: .seconds(-1)))
        let ends = begin.later(by: .seconds(seconds))
        let nodes = answer.elements("Messages")
        let messages = nodes.compactMap { node in
            SQSMessage.received(node) { SQSReceipt(source: source, ends: ends, handle: $0).receipt }
        }
        // What is damaged comes again once its time is over.
        guard !messages.isEmpty || nodes.isEmpty else {
            let message =
                "What was received does not have the MD5 it should have: it comes again once its time is over."
            throw errors.error(.unavailable, in: "receive", message, outcome: .unknown)
        }
        return messages
    }

    private static func later(_ left: WallTime, _ right: WallTime) -> WallTime {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch ? right : left
    }

    /// Says that messages were dealt with: one request.
    ///
    /// A receipt counts until its time is over by the handler's clock, also that of a message that has left the queue.
    public func acknowledge(_ receipts: [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult] {
        try errors.checkCancellation(in: "acknowledge")
        try validation.check(receipts, in: "acknowledge")
        let now = time.now
        var results: [MessageReceipt: AcknowledgeResult] = [:]
        var wanted: [QueueSource: [SQSReceipt]] = [:]
        for receipt in Set(receipts) {
            guard let parsed = SQSReceipt(receipt), receiptTimes.counts(parsed, at: now) else {
                results[receipt] = .failed(receiptIsOver(in: "acknowledge"))
                continue
            }
            wanted[parsed.source, default: []].append(parsed)
        }
        for (source, receipts) in wanted {
            do throws(EffectError) {
                results.merge(try await acknowledge(receipts, of: source)) { first, _ in first }
            } catch {
                if results.isEmpty, wanted.count == 1 { throw error }
                for receipt in receipts { results[receipt.receipt] = .failed(error) }
            }
        }
        return receipts.map { results[$0] ?? .failed(unanswered(in: "acknowledge")) }
    }

    private func acknowledge(
        _ receipts: [SQSReceipt],
        of source: QueueSource
    ) async throws(EffectError) -> [MessageReceipt: AcknowledgeResult] {
        let entries = receipts.enumerated()
            .map { index, receipt -> JSONValue in
                ["Id": .string(String(index)), "ReceiptHandle": .string(receipt.handle)]
            }
        let parts = AWSJSONClient.Parts(resource: source.rawValue, changes: true)
        let answer = try await send(
            .deleteMessageBatch,
            source,
            [("Entries", .array(entries))],
            parts,
            for: "acknowledge"
        )
        func receipt(_ node: JSONNode) -> MessageReceipt? {
            node.text("Id").flatMap { Int($0) }.flatMap { receipts.indices.contains($0) ? receipts[$0].receipt : nil }
        }
        var results: [MessageReceipt: AcknowledgeResult] = [:]
        for node in answer.elements("Successful") { receipt(node).map { results[$0] = .acknowledged } }
        for node in answer.elements("Failed") {
            let refusal = error(of: node, in: "acknowledge")
            // What is wrong with a receipt that was given by SQS is that it ended.
            let isOver = refusal.code == .preconditionFailed || node.text("Code") == "InvalidParameterValue"
            receipt(node).map { results[$0] = .failed(isOver ? receiptIsOver(in: "acknowledge") : refusal) }
        }
        return results
    }

    /// Hides a received message for longer, or delivers it again at once: one request.
    public func extend(_ receipt: MessageReceipt, by visibility: Duration) async throws(EffectError) {
        try errors.checkCancellation(in: "extend")
        try validation.checkExtension(visibility, in: "extend")
        let now = time.now
        guard let parsed = SQSReceipt(receipt), receiptTimes.counts(parsed, at: now) else {
            throw receiptIsOver(in: "extend")
        }
        let seconds = SQSMessage.seconds(visibility)
        var parts = AWSJSONClient.Parts(resource: parsed.source.rawValue, changes: true)
        parts.meanings = ["InvalidParameterValue": .preconditionFailed]
        let members: [(String, JSONValue?)] = [
            ("ReceiptHandle", .string(parsed.handle)), ("VisibilityTimeout", .integer(seconds)),
        ]
        _ = try await send(.changeMessageVisibility, parsed.source, members, parts, for: "extend")
        receiptTimes.change(parsed, to: now.later(by: .seconds(seconds)), at: now)
    }
}
#endif
