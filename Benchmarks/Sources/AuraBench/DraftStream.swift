internal import AuraEffects
internal import Measuring

/// Entries like those of ``Workload``, made as they are appended: for more of them than should be held at once.
enum DraftStream {
    static func append(
        _ entries: Int,
        entriesPerAppend: Int,
        tasks: Int,
        to journal: any JournalEffects
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var random = SplitMix(state: UInt64(task))
                    let payload = (0..<Workload.payloadSize).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                    for index in stride(from: task, to: entries / entriesPerAppend, by: tasks) {
                        let first = index * entriesPerAppend
                        let drafts = (first..<first + entriesPerAppend)
                            .map { entry in
                                JournalEntry.Draft(
                                    id: Workload.id(entry, &random),
                                    kind: Workload.kind,
                                    payload: payload
                                )
                            }
                        try await journal.append(drafts, to: Workload.streams[index % Workload.streamCount])
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
