// Generated from JournalEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``JournalEffects``.
public enum JournalEffectsOperations {
    /// `journal.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "journal",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `journal.append`.
    public static let append = EffectOperation(
        effect: "journal",
        name: "append",
        index: 1,
        idempotency: .always,
        resource: "appends"
    )
    /// `journal.read`.
    public static let read = EffectOperation(
        effect: "journal",
        name: "read",
        index: 2,
        idempotency: .always,
        resource: "stream"
    )
    /// `journal.entry`.
    public static let entry = EffectOperation(
        effect: "journal",
        name: "entry",
        index: 3,
        idempotency: .always,
        resource: "stream"
    )
    /// `journal.readAll`.
    public static let readAll = EffectOperation(effect: "journal", name: "readAll", index: 4, idempotency: .always)
    /// `journal.subscribe`.
    public static let subscribe = EffectOperation(effect: "journal", name: "subscribe", index: 5, kind: .synchronous)
    /// `journal.saveSnapshot`.
    public static let saveSnapshot = EffectOperation(
        effect: "journal",
        name: "saveSnapshot",
        index: 6,
        idempotency: .always,
        resource: "snapshot"
    )
    /// `journal.latestSnapshot`.
    public static let latestSnapshot = EffectOperation(
        effect: "journal",
        name: "latestSnapshot",
        index: 7,
        idempotency: .always,
        resource: "stream"
    )
    /// `journal.compact`.
    public static let compact = EffectOperation(
        effect: "journal",
        name: "compact",
        index: 8,
        idempotency: .always,
        resource: "stream"
    )
    /// `journal.frontier`.
    public static let frontier = EffectOperation(effect: "journal", name: "frontier", index: 9, idempotency: .always)
    /// `journal.entries`.
    public static let entries = EffectOperation(effect: "journal", name: "entries", index: 10, idempotency: .always)
    /// `journal.merge`.
    public static let merge = EffectOperation(effect: "journal", name: "merge", index: 11, idempotency: .always)
    /// `journal.verify`.
    public static let verify = EffectOperation(effect: "journal", name: "verify", index: 12, idempotency: .always)
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [
        capabilities,
        append,
        read,
        entry,
        readAll,
        subscribe,
        saveSnapshot,
        latestSnapshot,
        compact,
        frontier,
        entries,
        merge,
        verify,
    ]
}

/// A ``JournalEffects`` handler with interceptors around every operation.
public struct InterceptedJournalEffects: JournalEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any JournalEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any JournalEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `journal.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(JournalEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `journal.append`.
    @inline(__always)
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        let call = interceptors.call(
            JournalEffectsOperations.append,
            resource: appends.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("appends", appends)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.append(appends))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.append(appends)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.read`.
    @inline(__always)
    public func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        let call = interceptors.call(
            JournalEffectsOperations.read,
            resource: stream.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("stream", stream),
                EffectArgument("revision", revision),
                EffectArgument("limit", limit),
                EffectArgument("backwards", backwards),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.read(stream, from: revision, limit: limit, backwards: backwards))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.read(stream, from: revision, limit: limit, backwards: backwards)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.entry`.
    @inline(__always)
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        let call = interceptors.call(
            JournalEffectsOperations.entry,
            resource: stream.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("stream", stream), EffectArgument("id", id)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.entry(stream, id: id))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.entry(stream, id: id)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.readAll`.
    @inline(__always)
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        let call = interceptors.call(
            JournalEffectsOperations.readAll,
            isIdempotent: true,
            arguments: [EffectArgument("position", position), EffectArgument("limit", limit)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.readAll(after: position, limit: limit))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.readAll(after: position, limit: limit)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.subscribe`.
    public func subscribe(after position: Position) -> JournalSubscription {
        interceptors.synchronous(
            interceptors.call(JournalEffectsOperations.subscribe, arguments: [EffectArgument("position", position)]),
            base.subscribe(after: position)
        )
    }

    /// `journal.saveSnapshot`.
    @inline(__always)
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        let call = interceptors.call(
            JournalEffectsOperations.saveSnapshot,
            resource: snapshot.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("snapshot", snapshot)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.saveSnapshot(snapshot))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.saveSnapshot(snapshot)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.latestSnapshot`.
    @inline(__always)
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        let call = interceptors.call(
            JournalEffectsOperations.latestSnapshot,
            resource: stream.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("stream", stream)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.latestSnapshot(of: stream))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.latestSnapshot(of: stream)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.compact`.
    @inline(__always)
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        let call = interceptors.call(
            JournalEffectsOperations.compact,
            resource: stream.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("stream", stream), EffectArgument("revision", revision)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.compact(stream, before: revision))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.compact(stream, before: revision)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.frontier`.
    @inline(__always)
    public func frontier() async throws(EffectError) -> JournalFrontier {
        let call = interceptors.call(JournalEffectsOperations.frontier, isIdempotent: true)
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.frontier())
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.frontier()
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.entries`.
    @inline(__always)
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        let call = interceptors.call(
            JournalEffectsOperations.entries,
            isIdempotent: true,
            arguments: [EffectArgument("frontier", frontier), EffectArgument("limit", limit)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.entries(beyond: frontier, limit: limit))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.entries(beyond: frontier, limit: limit)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.merge`.
    @inline(__always)
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        let call = interceptors.call(
            JournalEffectsOperations.merge,
            isIdempotent: true,
            arguments: [EffectArgument("batch", batch)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.merge(batch))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.merge(batch)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `journal.verify`.
    @inline(__always)
    public func verify() async throws(EffectError) -> VerificationReport {
        let call = interceptors.call(JournalEffectsOperations.verify, isIdempotent: true)
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.verify())
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.verify()
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``JournalEffects`` handler that fails by name.
public struct UnimplementedJournalEffects: JournalEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        throw .unimplemented("journal", "append")
    }

    /// Fails.
    public func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        throw .unimplemented("journal", "read")
    }

    /// Fails.
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        throw .unimplemented("journal", "entry")
    }

    /// Fails.
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        throw .unimplemented("journal", "readAll")
    }

    /// Fails.
    public func subscribe(after position: Position) -> JournalSubscription {
        JournalEffectsOperations.subscribe.unimplemented()
    }

    /// Fails.
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        throw .unimplemented("journal", "saveSnapshot")
    }

    /// Fails.
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        throw .unimplemented("journal", "latestSnapshot")
    }

    /// Fails.
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        throw .unimplemented("journal", "compact")
    }

    /// Fails.
    public func frontier() async throws(EffectError) -> JournalFrontier {
        throw .unimplemented("journal", "frontier")
    }

    /// Fails.
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        throw .unimplemented("journal", "entries")
    }

    /// Fails.
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        throw .unimplemented("journal", "merge")
    }

    /// Fails.
    public func verify() async throws(EffectError) -> VerificationReport {
        throw .unimplemented("journal", "verify")
    }
}
