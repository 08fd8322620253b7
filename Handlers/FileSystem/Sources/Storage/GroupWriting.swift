internal import AuraEffects
internal import AuraRuntime

/// One group of calls on its way into the log.
///
/// Each call is judged in order and on its own, against what is stored and what the calls before it in the group change: one
/// that is refused fails alone.
struct GroupWriting {
    private let catalog: Catalog
    private let validation: StorageValidation
    private var batch: LogBatch
    private var values: [[UInt8]] = []
    private var changed: [StorageKey: StorageRevision?] = [:]
    private(set) var answers: [Result<StorageCall.Answer, EffectError>] = []

    init(_ catalog: Catalog, _ validation: StorageValidation) throws(FileFailure) {
        self.catalog = catalog
        self.validation = validation
        batch = try catalog.withView { view in
            LogBatch(generation: view.header.generation, offset: view.position, previous: view.previous)
        }
    }

    /// Judges a call and adds what it changes.
    mutating func add(_ call: StorageCall, revisions: inout RevisionSource) throws(FileFailure) {
        let stored = try storedRevisions(for: call)
        for (mutation, stored) in zip(call.mutations, stored) {
            do throws(EffectError) {
                try validation.check(mutation.precondition, on: mutation.key, stored: stored, in: call.operation)
            } catch {
                answers.append(.failure(error))
                return
            }
        }
        var answer: StorageCall.Answer = []
        for (mutation, stored) in zip(call.mutations, stored) {
            let revision = try apply(mutation, exists: stored != nil, revisions: &revisions)
            answer.append((revision, stored != nil))
        }
        answers.append(.success(answer))
    }

    /// What is stored under each of a call's keys, where the call depends on it.
    private func storedRevisions(for call: StorageCall) throws(FileFailure) -> [StorageRevision?] {
        try catalog.withView { view throws(FileFailure) in
            var revisions: [StorageRevision?] = []
            for mutation in call.mutations {
                let isFree = mutation.precondition == .none && mutation.change != .remove
                if isFree {
                    revisions.append(nil)
                } else if let revision = changed[mutation.key] {
                    revisions.append(revision)
                } else {
                    revisions.append(try view.revision(of: mutation.key))
                }
            }
            return revisions
        }
    }

    private mutating func apply(
        _ mutation: StorageMutation,
        exists: Bool,
        revisions: inout RevisionSource
    ) throws(FileFailure) -> StorageRevision? {
        switch mutation.change {
        case .remove:
            guard exists else { return nil }
            batch.append(LogRecord(key: mutation.key, revision: revisions.last, value: nil))
            changed.updateValue(nil, forKey: mutation.key)
            return nil
        case .write(let bytes):
            let revision = try revisions.next()
            let checksum = unsafe bytes.withUnsafeBytes {
                unsafe XXHash64.checksum(key: mutation.key, revision: revision, bytes: $0)
            }
            let value = LogRecord.Value(byteCount: bytes.count, checksum: checksum, offset: 0)
            batch.append(LogRecord(key: mutation.key, revision: revision, value: value))
            values.append(bytes)
            changed.updateValue(StorageRevision(rawValue: revision), forKey: mutation.key)
            return StorageRevision(rawValue: revision)
        }
    }

    /// Whether there is anything to commit.
    var isEmpty: Bool { batch.records.isEmpty }

    /// Writes the changes into the log, which commits nothing yet.
    mutating func write() throws(FileFailure) {
        do throws(FileFailure) {
            try catalog.log.write(&batch, values: values)
        } catch {
            // On a full disk what was written would be in the way.
            try? catalog.log.drop(from: batch.offset)
            throw error
        }
    }

    /// Commits the changes: from here on every handler sees them.
    func commit(isSynced: Bool) throws(FileFailure) {
        var header = try catalog.log.header()
        header.committed = batch.end
        if isSynced { header.synced = batch.end }
        try catalog.log.write(header)
    }
}
