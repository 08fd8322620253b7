#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Amazon DynamoDB, as the executor of its requests needs to know it.
///
/// Source: Amazon DynamoDB API Reference, version 2012-08-10; "Error handling with DynamoDB".
struct DynamoDBService: AWSJSONService {
    enum Operation: String, AWSOperation {
        case getItem = "GetItem"
        case putItem = "PutItem"
        case updateItem = "UpdateItem"
        case deleteItem = "DeleteItem"
        case query = "Query"
        case scan = "Scan"
        case transactWriteItems = "TransactWriteItems"
        case batchGetItem = "BatchGetItem"
        case batchWriteItem = "BatchWriteItem"
        case describeTable = "DescribeTable"
        case createTable = "CreateTable"
        case describeTimeToLive = "DescribeTimeToLive"
        case updateTimeToLive = "UpdateTimeToLive"

        static let service = "dynamodb"
    }

    static let dialect = AWSJSONClient.Dialect(target: "DynamoDB_20120810", version: "1.0")

    let name = "dynamodb"
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String, _ document: JSONNode?) -> AWSJudgement? {
        switch name {
        case "ConditionalCheckFailedException": AWSJudgement(.preconditionFailed)
        case "TransactionCanceledException": Self.judge(reasons: document?.elements("CancellationReasons") ?? [])
        case "ResourceNotFoundException":
            // Not 'notFound': an item that is not there is no reason to look at the settings.
            AWSJudgement(.unavailable, "Create the table, or set 'table' to another one.", isRetryable: false)
        case "TransactionConflictException", "TransactionInProgressException", "ReplicatedWriteConflictException":
            AWSJudgement(.unavailable, "Another change of the same item was under way: try again.", isRetryable: true)
        case "ItemCollectionSizeLimitExceededException": AWSJudgement(.resourceExhausted, isRetryable: false)
        case "LimitExceededException": AWSJudgement(.throttled)
        default: nil
        }
    }

    /// What cancelled a transaction: of several reasons the one that trying again would not take away.
    private static func judge(reasons: [JSONNode]) -> AWSJudgement {
        let codes = Set(reasons.compactMap { $0.text("Code") })
        if codes.contains("ConditionalCheckFailed") { return AWSJudgement(.preconditionFailed) }
        if codes.contains("ValidationError") { return AWSJudgement(.invalidArgument) }
        if codes.contains("ItemCollectionSizeLimitExceeded") {
            return AWSJudgement(.resourceExhausted, isRetryable: false)
        }
        if codes.contains("TransactionConflict") {
            return AWSJudgement(
                .unavailable,
                "Another change of the same items was under way: try again.",
                isRetryable: true
            )
        }
        return AWSJudgement(.throttled)
    }
}
#endif
