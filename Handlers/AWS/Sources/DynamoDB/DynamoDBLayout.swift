#if AWS
internal import AuraEffects
internal import AuraRuntime

/// How items lie in a table: each attribute of an item is one of DynamoDB's, beside the keys' and the handler's own.
struct DynamoDBLayout: Sendable {
    /// The table's name.
    var table: String
    /// The name of the partition key's attribute, a text.
    var partition: String
    /// The name of the sort key's attribute, a text.
    var sort: String

    /// What DynamoDB stores of one item at most, names and keys among it.
    static let mostItemBytes = 400 << 10

    /// A revision of items that others stored: they have none.
    static let foreign = CloudRevision(rawValue: "foreign")

    var keyNames: Set<String> { [partition, sort] }

    /// The attributes of a key.
    func key(_ key: ItemKey) -> JSONValue {
        [partition: ["S": .string(key.partition)], sort: ["S": .string(key.sort)]]
    }

    /// The attributes of an item.
    func attributes(_ item: Item, _ key: ItemKey, _ revision: CloudRevision) -> JSONValue {
        var members: [(String, JSONValue?)] = [
            (partition, ["S": .string(key.partition)]), (sort, ["S": .string(key.sort)]),
            (DynamoDBNames.revision, ["S": .string(revision.rawValue)]),
        ]
        if let expires = item.expires {
            members.append((DynamoDBNames.expires, Self.moment(expires)))
            members.append((DynamoDBNames.timeToLive, ["N": .string(String(Self.seconds(expires)))]))
        }
        // In one order in every process: a recorded request is found by its bytes.
        for (name, value) in item.attributes.sorted(by: { $0.key < $1.key }) {
            members.append((DynamoDBNames.stored(name, besides: keyNames), DynamoDBValue.encode(value)))
        }
        return .members(members)
    }

    /// A moment as ``DynamoDBNames/expires`` has it.
    static func moment(_ time: WallTime) -> JSONValue { ["N": .string(String(time.nanosecondsSinceEpoch))] }

    /// Rounded up: DynamoDB removes nothing that is still there.
    private static func seconds(_ time: WallTime) -> Int64 {
        let (seconds, rest) = time.nanosecondsSinceEpoch.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest > 0 ? seconds + 1 : seconds
    }

    /// The item that attributes are; `nil` where they are none.
    func item(_ node: JSONNode) -> StoredItem? {
        guard case .object(var members) = node,
            let partition = members.removeValue(forKey: partition)?.text("S"),
            let sort = members.removeValue(forKey: sort)?.text("S")
        else { return nil }
        let revision = members.removeValue(forKey: DynamoDBNames.revision)?.text("S")
        let expires = members.removeValue(forKey: DynamoDBNames.expires)?.text("N").flatMap { Int64($0) }
        members[DynamoDBNames.timeToLive] = nil
        guard let attributes = DynamoDBValue.attributes(members) else { return nil }
        return StoredItem(
            key: ItemKey(partition, sort),
            item: Item(attributes, expires: expires.map { WallTime(nanosecondsSinceEpoch: $0) }),
            revision: revision.map { CloudRevision(rawValue: $0) } ?? Self.foreign
        )
    }

    /// The size of an item as DynamoDB counts it, or a little more.
    func byteCount(_ item: Item, _ key: ItemKey) -> Int {
        // The revision and the times, with their names.
        let own = 13 + 32 + 12 + 12 + 8 + 8
        // A name that is a key's is stored by a longer one.
        return own + 12 + partition.utf8.count + sort.utf8.count + key.partition.utf8.count + key.sort.utf8.count
            + DynamoDBValue.byteCount(item.attributes)
    }
}
#endif
