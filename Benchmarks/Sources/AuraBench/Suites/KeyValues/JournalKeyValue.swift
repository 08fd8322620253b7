internal import Measuring

extension Suite {
    static let journalKeyValue = Suite(
        name: "journal-keyvalue",
        summary: "the journal over a table of key-values whose requests take 5 ms each"
    ) { scale in
        let entries = scale.count(51_200)
        return [
            KeyValueAppends("append-durable-256", .rate, target: .oursAtLeast(5000), entries: entries),
            KeyValueAppends("requests-per-entry", .requestsPerEntry, target: .oursBelow(0.1), entries: entries),
        ]
    }
}
