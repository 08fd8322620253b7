internal import AuraAWS
internal import AuraEffects
internal import Measuring

/// Calls of DynamoDB and SQS, 64 in flight, against boto3 with 64 threads.
final class ServiceCalls: Comparison {
    /// What one call is.
    enum Work: String {
        /// An item of 256 bytes is put.
        case put = "dynamodb-put"
        /// An item of 256 bytes is got, by a strong read.
        case get = "dynamodb-get"
        /// A message of 256 bytes is sent, received and acknowledged.
        case roundtrip = "sqs-roundtrip"
    }

    let unit = "calls/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 5)

    private let work: Work
    private let count: Int
    private var server: ObjectServer?

    init(_ work: Work, count: Int) {
        self.work = work
        self.count = count
    }

    var name: String { work.rawValue }

    func prepare() async throws {
        server = try ObjectServer()
    }

    func measureOurs() async throws -> Double {
        let bucket = try await Bucket(port: server?.port ?? 0)
        // The connections are there, as boto3's are.
        try await call(64, on: bucket)
        let elapsed = try await seconds { try await call(count, on: bucket) }
        await bucket.close()
        return Double(count) / elapsed
    }

    func measureBaseline() async throws -> Double? {
        try Baseline.figure(name, server?.port ?? 0, count)
    }

    private func call(_ count: Int, on bucket: Bucket) async throws {
        let text = String(repeating: "a heron ", count: 32)
        let (items, queue) = (bucket.cloud.keyValues, bucket.cloud.queue)
        let done = try await inFlight(count) { [work] in
            switch work {
            case .put:
                let revision = try await items.put(Item(["text": .text(text)]), to: ItemKey("notes", "1"))
                return revision.rawValue.isEmpty ? 0 : 1
            case .get:
                return try await items.get(ItemKey("notes", "1"), consistency: .strong) == nil ? 0 : 1
            case .roundtrip:
                try await queue.send(QueueMessage(Array(text.utf8)))
                let messages = try await queue.receive(
                    .messages,
                    limit: 1,
                    visibility: .seconds(30),
                    wait: .zero
                )
                for message in messages { try await queue.acknowledge(message) }
                return messages.count
            }
        }
        precondition(done == count, "Every call has its answer.")
    }
}
