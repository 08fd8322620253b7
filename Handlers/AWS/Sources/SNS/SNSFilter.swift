#if AWS
internal import AuraRuntime

/// The filters of subscriptions as SNS has them.
///
/// Source: Amazon SNS Developer Guide, "String value matching".
enum SNSFilter {
    /// A filter policy of attributes that have each one of some values.
    static func policy(_ filter: [String: [String]]) -> String {
        let members = filter.sorted { $0.key < $1.key }
            .map { ($0.key, JSONValue.array($0.value.map { .string($0) })) }
        return JSONValue.members(members).line
    }

    /// The filter of a policy; conditions other than those of some values are left out.
    static func filter(_ policy: String) -> [String: [String]] {
        guard case .object(let members) = try? JSONParser.parse(Array(policy.utf8)) else { return [:] }
        return members.compactMapValues { node in
            guard case .array(let elements) = node else { return nil }
            let values = elements.compactMap(\.text)
            return values.count == elements.count ? values : nil
        }
    }
}
#endif
