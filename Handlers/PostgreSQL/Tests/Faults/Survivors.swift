#if PostgreSQL
internal import AuraEffects
internal import Testing

/// Checks what a journal holds after faults against what its writers were told.
///
/// Nothing acknowledged is lost or stands elsewhere, nothing is doubled, revisions and positions have their order, and the
/// journal verifies.
func expectSurvivors(
    of acknowledged: [AppendingWorkers.Acknowledgement],
    in journal: some JournalEffects,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    var entries: [JournalEntry] = []
    while true {
        let page = try await journal.readAll(after: entries.last?.position ?? .start, limit: 1000)
        if page.isEmpty { break }
        entries += page
    }
    var positions: [String: String] = [:]
    for entry in entries {
        let doubled = positions.updateValue(entry.position.description, forKey: entry.id.description)
        #expect(doubled == nil, "doubled: \(entry.id)", sourceLocation: sourceLocation)
    }
    let lost = acknowledged.filter { positions[$0.id] != $0.position }
    #expect(lost.isEmpty, "\(lost.count) lost: \(lost.prefix(3))", sourceLocation: sourceLocation)
    #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.position < $1.position }, sourceLocation: sourceLocation)
    for (stream, entries) in Dictionary(grouping: entries, by: \.stream) {
        let revisions = entries.map(\.revision.rawValue)
        #expect(revisions == Array(0..<UInt64(revisions.count)), "gap in \(stream)", sourceLocation: sourceLocation)
    }
    let report = try await journal.verify()
    #expect(report.isClean, "\(report.problems)", sourceLocation: sourceLocation)
    #expect(report.checkedEntries == entries.count, sourceLocation: sourceLocation)
}
#endif
