internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var snapshots: [JournalDefect] {
        [
            JournalDefect(
                "in an empty journal every stream has an empty snapshot",
                breaks: "a stream without a snapshot has none"
            ) { journal, _ in
                journal.latestSnapshot = { base, stream throws(EffectError) in
                    if let snapshot = try await base.latestSnapshot(of: stream) { return snapshot }
                    guard try await base.readAll(after: .start, limit: 1).isEmpty else { return nil }
                    return JournalSnapshot(stream: stream, revision: .first, state: [])
                }
            },
            JournalDefect(
                "of two snapshots of the same revision the first is kept",
                breaks: "the latest snapshot of a stream is the last one saved"
            ) { journal, _ in
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    if snapshot.revision > .first, !snapshot.stream.text.isEmpty {
                        let kept = try await base.latestSnapshot(of: snapshot.stream)
                        let isTaken = snapshot.state.count <= base.capabilities.limit(.snapshotBytes)
                        if kept?.revision == snapshot.revision, isTaken { return }
                    }
                    try await base.saveSnapshot(snapshot)
                }
            },
            JournalDefect(
                "a snapshot covers what its saver claims",
                breaks: "a snapshot covers its entries' origins and sequences"
            ) { journal, _ in
                let claims = Mutexed<[StreamName: [OriginID: UInt64]]>([:])
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    try await base.saveSnapshot(snapshot)
                    if !snapshot.covers.isEmpty { claims.withLock { $0[snapshot.stream] = snapshot.covers } }
                }
                journal.latestSnapshot = { base, stream throws(EffectError) in
                    var snapshot = try await base.latestSnapshot(of: stream)
                    if let claimed = claims.withLock({ $0[stream] }) { snapshot?.covers = claimed }
                    return snapshot
                }
            },
            JournalDefect(
                "where a snapshot covers own entries it leaves out the others'",
                breaks: "a snapshot covers the entries of every origin in its stream"
            ) { journal, _ in
                journal.latestSnapshot = { base, stream throws(EffectError) in
                    var snapshot = try await base.latestSnapshot(of: stream)
                    if let own = snapshot?.covers[base.disk.origin] { snapshot?.covers = [base.disk.origin: own] }
                    return snapshot
                }
            },
            JournalDefect(
                "a snapshot one beyond the end is taken for one at the end",
                breaks: "a snapshot beyond the stream's end is refused"
            ) { journal, _ in
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    var snapshot = snapshot
                    let end = try? await base.read(snapshot.stream, from: nil, limit: 1, backwards: true).first?
                        .revision
                    if let end, snapshot.revision == end.next.next { snapshot.revision = end.next }
                    try await base.saveSnapshot(snapshot)
                }
            },
            JournalDefect(
                "a snapshot of revision 0 is passed over in silence where there is another one",
                breaks: "a snapshot does not replace one of a higher revision"
            ) { journal, _ in
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    do throws(EffectError) {
                        try await base.saveSnapshot(snapshot)
                    } catch {
                        guard error.code == .preconditionFailed, snapshot.revision == .first else { throw error }
                    }
                }
            },
            JournalDefect(
                "a snapshot that is too long by one byte is cut off",
                breaks: "a snapshot is taken up to its limit"
            ) { journal, _ in
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    var snapshot = snapshot
                    if snapshot.state.count == base.capabilities.limit(.snapshotBytes) + 1 {
                        snapshot.state.removeLast()
                    }
                    try await base.saveSnapshot(snapshot)
                }
            },
        ]
    }
}
