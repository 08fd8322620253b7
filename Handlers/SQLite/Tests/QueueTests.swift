#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import Testing

@Suite("The queue of appends")
struct QueueTests {
    let folder: TemporaryFolder
    let context = HandlerContext.system()

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("10,000 concurrent appends are written or refused, and no more wait than the queue holds")
    func boundedQueue() async throws {
        let journal = try await context.journal(folder.file("journal.db")) { configuration in
            configuration.queueLength = 500
            // The lock is held until all the others are refused, however long that takes.
            configuration.lockTimeout = .seconds(3600)
        }
        let lock = try LockHolder(folder.file("journal.db"))
        var written: [EntryID] = []
        var refused = 0
        await withTaskGroup(of: Result<EntryID, EffectError>.self) { group in
            for number in 0..<10_000 {
                let draft = context.draft("entry \(number)")
                group.addTask {
                    do throws(EffectError) {
                        return .success(try await journal.append([draft], to: "stream").ids[0])
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for await result in group {
                switch result {
                case .success(let id): written.append(id)
                case .failure(let error):
                    #expect(error.code == .resourceExhausted && error.isRetryable)
                    refused += 1
                    // All but the queue's length were refused: the others may now be written.
                    if refused == 9_500 { lock.release() }
                }
            }
        }
        #expect(written.count == 500)
        #expect(refused == 9_500)
        #expect(Set(try await allEntries(journal).map(\.id)) == Set(written))
        await journal.close()
    }

    @Test("a waiting append withdraws when its task is cancelled, and the others are written")
    func cancellation() async throws {
        let journal = try await context.journal(folder.file("journal.db"))
        let lock = try LockHolder(folder.file("journal.db"))
        let (kept, withdrawn) = (context.draft("kept"), context.draft("withdrawn"))
        let first = Task { try await journal.append([kept], to: "stream") }
        let second = Task { try await journal.append([withdrawn], to: "stream") }
        try await context.time.sleep(for: .milliseconds(50))
        second.cancel()
        let error = await thrownError { () throws(EffectError) in
            do {
                _ = try await second.value
            } catch let error as EffectError {
                throw error
            } catch {
                Issue.record("\(error)")
            }
        }
        #expect(error?.code == .cancelled)
        lock.release()
        #expect(try await first.value.ids == [kept.id])
        #expect(try await allEntries(journal).map(\.id) == [kept.id])
        await journal.close()
    }

    @Test("appends withdrawn as soon as they are queued do not end the writer")
    func withdrawnAtOnce() async throws {
        let journal = try await context.journal(folder.file("journal.db"))
        for round in 0..<300 {
            let drafts = (0..<3).map { context.draft("withdrawn \(round) \($0)") }
            let appends = drafts.map { draft in Task { try await journal.append([draft], to: "withdrawn") } }
            for append in appends {
                await Task.yield()
                append.cancel()
            }
            for append in appends { _ = await append.result }
        }
        let kept = context.draft("kept")
        let last = Task { try await journal.append([kept], to: "kept") }
        // A writer that has ended would leave this append waiting for ever.
        let watchdog = Task {
            try await context.time.sleep(for: .seconds(120))
            last.cancel()
        }
        #expect(try await last.value.ids == [kept.id])
        watchdog.cancel()
        #expect(try await journal.verify().isClean)
        await journal.close()
    }

    @Test("a writer that stalls beyond the time-out is named, and the append works once it is gone")
    func stalledWriter() async throws {
        let journal = try await context.journal(folder.file("journal.db")) { $0.lockTimeout = .milliseconds(100) }
        let lock = try LockHolder(folder.file("journal.db"))
        let draft = context.draft("entry")
        let error = await thrownError { () throws(EffectError) in try await journal.append([draft], to: "stream") }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(error?.outcome == .notApplied)
        lock.release()
        try await journal.append([draft], to: "stream")
        #expect(try await allEntries(journal).map(\.id) == [draft.id])
        await journal.close()
    }

    @Test("closing writes what waits and refuses what comes after")
    func closing() async throws {
        let journal = try await context.journal(folder.file("journal.db"))
        let drafts = (0..<50).map { context.draft("entry \($0)") }
        let appends = drafts.map { draft in Task { try await journal.append([draft], to: "stream") } }
        for append in appends { _ = try await append.value }
        await journal.close()
        let late = context.draft("late")
        let error = await thrownError { () throws(EffectError) in try await journal.append([late], to: "stream") }
        #expect(error?.code == .unavailable)
        let reopened = try await context.journal(folder.file("journal.db"))
        #expect(Set(try await allEntries(reopened).map(\.id)) == Set(drafts.map(\.id)))
        await reopened.close()
    }
}
#endif
