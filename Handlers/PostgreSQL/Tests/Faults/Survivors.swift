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
    var (entries, report) = try await contents(of: journal)
    // What a writer had sent when it was killed, the server may commit between the two.
    try await until("what is read is what is verified") {
        if report.checkedEntries == entries.count { return true }
        (entries, report) = try await contents(of: journal)
        return false
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
    #expect(report.isClean, "\(report.problems)", sourceLocation: sourceLocation)
}

/// What a journal holds, and what it then says of itself.
private func contents(of journal: some JournalEffects) async throws -> ([JournalEntry], VerificationReport) {
    var entries: [JournalEntry] = []
    while true {
        let page = try await journal.readAll(after: entries.last?.position ?? .start, limit: 1000)
        if page.isEmpty { break }
        entries += page
    }
    return (entries, try await journal.verify())
}
#endif
