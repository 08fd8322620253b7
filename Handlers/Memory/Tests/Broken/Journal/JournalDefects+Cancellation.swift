internal import AuraEffects
internal import AuraRuntime

extension Defect where Handler == any JournalEffects {
    static var cancellation: [JournalDefect] {
        [
            JournalDefect(
                "an append that need not wait does not look at its task's cancellation",
                breaks: "an append of a cancelled task is cancelled and changes nothing"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    if base.disk.record.current.isStalled { return try await base.append(appends) }
                    return try await uncancelled { () throws(EffectError) in try await base.append(appends) }
                }
            },
            JournalDefect(
                "a verification does not look at its task's cancellation",
                breaks: "a read of a cancelled task is cancelled"
            ) { journal, _ in
                journal.verify = { base, _ throws(EffectError) in
                    try await uncancelled { () throws(EffectError) in try await base.verify() }
                }
            },
            JournalDefect(
                "a snapshot is saved before the cancellation is looked at",
                breaks: "a snapshot of a cancelled task is not kept"
            ) { journal, _ in
                journal.saveSnapshot = { base, snapshot throws(EffectError) in
                    try await uncancelled { () throws(EffectError) in try await base.saveSnapshot(snapshot) }
                    try base.errors.checkCancellation(in: "saveSnapshot")
                }
            },
            JournalDefect(
                "a compaction is carried out before the cancellation is looked at",
                breaks: "a compaction of a cancelled task drops nothing"
            ) { journal, _ in
                journal.compact = { base, end throws(EffectError) in
                    try await uncancelled { () throws(EffectError) in
                        try await base.compact(end.stream, before: end.revision)
                    }
                    try base.errors.checkCancellation(in: "compact")
                }
            },
            JournalDefect(
                "a merge is carried out before the cancellation is looked at",
                breaks: "a merge of a cancelled task adds nothing"
            ) { journal, _ in
                journal.merge = { base, batch throws(EffectError) in
                    let receipt = try await uncancelled { () throws(EffectError) in try await base.merge(batch) }
                    try base.errors.checkCancellation(in: "merge")
                    return receipt
                }
            },
            JournalDefect(
                "an append that is cancelled once it was committed says that nothing was",
                breaks: "appends that are cancelled while they wait are there wholly or not at all"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    let receipts = try await base.append(appends)
                    if appends.count > 1 { await linger(5) }
                    try base.errors.checkCancellation(in: "append")
                    return receipts
                }
            },
            JournalDefect(
                "an append that waits for a stalled writer does not withdraw",
                breaks: "an append that waits for a stalled writer withdraws when its task is cancelled",
                hangs: true
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    guard base.disk.record.current.isStalled else { return try await base.append(appends) }
                    return try await uncancelled { () throws(EffectError) in try await base.append(appends) }
                }
            },
        ]
    }
}

/// Runs an operation in a task of its own, which the caller's cancellation does not reach.
private func uncancelled<Value: Sendable>(
    _ operation: @escaping @Sendable () async throws(EffectError) -> Value
) async throws(EffectError) -> Value {
    try await Task {
        do throws(EffectError) {
            return Result<Value, EffectError>.success(try await operation())
        } catch {
            return .failure(error)
        }
    }
    .value
    .get()
}
