internal import Measuring

extension Suite {
    static let dispatch = Suite(
        name: "dispatch",
        summary: "what calling an effect costs, SHA-256 and appends in memory"
    ) { scale in
        [
            DispatchAny(reads: scale.count(100_000)),
            HashPayload(messages: scale.count(200_000)),
            AppendMemory(entries: scale.count(100_000)),
        ]
    }
}
