internal import AuraEffects
internal import AuraRuntime

/// Commits changes: values, the buckets of the manifest that they belong to, and the root, in one transaction underneath.
///
/// Changes that wait at once share a transaction. The root's revision is the transaction's condition, so that of several
/// processes one goes first and the others look again.
struct EncryptedWriter: Sendable {
    typealias Queue = WorkQueue<EncryptedChange>

    let inner: any StorageEffects
    let sealer: Sealer
    let manifest: ManifestStore
    let groupByteCount: Int

    private var errors: HandlerErrors { sealer.errors }

    /// Commits what waits until the queue is finished.
    func commitGroups(from queue: Queue) async {
        while await queue.hasWork() {
            let group = queue.joinGroup(byteLimit: groupByteCount)
            if group.isEmpty { continue }
            // A key once in each transaction, and no more of them than the storage underneath takes.
            let count = commonPrefix(of: group)
            if count < group.count { queue.putBack(last: group.count - count) }
            queue.settle(await commit(Array(group[..<count])))
        }
    }

    /// How many of the first changes fit into one transaction underneath.
    private func commonPrefix(of group: [EncryptedChange]) -> Int {
        let mutationLimit = inner.capabilities.limit(.transactionMutations)
        let byteLimit = inner.capabilities.limit(.transactionBytes)
        var keys: Set<StorageKey> = []
        var bytes = 0
        for (index, change) in group.enumerated() {
            bytes += change.byteCount
            let isNew = change.parts.allSatisfy { keys.insert($0.key).inserted }
            let mutationCount = keys.count + min(keys.count, ManifestRoot.bucketCount) + 1
            // What the buckets take of the bytes is not known yet: a group leaves a good half to them.
            if index > 0, !isNew || mutationCount > mutationLimit || bytes > byteLimit / 4 { return index }
        }
        return group.count
    }

    private func commit(_ group: [EncryptedChange]) async -> [Queue.Answer] {
        do throws(EffectError) {
            return try await apply(group).map { .success($0) }
        } catch {
            guard group.count > 1, error.isAboutOneCaller else { return group.map { _ in .failure(error) } }
        }
        // One of them is refused and nothing has changed: each is judged on its own.
        var answers: [Queue.Answer] = []
        for change in group {
            do throws(EffectError) {
                answers.append(.success(try await apply([change])[0]))
            } catch {
                answers.append(.failure(error))
            }
        }
        return answers
    }

    /// Applies changes in one transaction, again where another writer was faster.
    private func apply(_ group: [EncryptedChange]) async throws(EffectError) -> [EncryptedChange.Answer] {
        let operation = group[0].operation
        do throws(EffectError) {
            var known = manifest.lastKnownRoot
            while true {
                let root: ManifestStore.Root
                if let known { root = known } else { root = try await manifest.root(in: operation) }
                guard let plan = try await plan(group, on: root, in: operation) else {
                    // Another writer has replaced what the root is about, or it was altered.
                    let now = try await manifest.root(in: operation)
                    guard now.revision != root.revision else {
                        throw disagreement(group, in: operation)
                    }
                    known = now
                    continue
                }
                do throws(EffectError) {
                    return try await carryOut(plan, group)
                } catch  where error.code == .preconditionFailed {
                    let now = try await manifest.root(in: operation)
                    guard now.revision != root.revision else { throw refusal(of: group, error) }
                    known = now
                }
            }
        } catch {
            manifest.forgetRoot()
            throw error.handler == errors.handler ? error : errors.mapped(error, in: operation)
        }
    }

    private func disagreement(_ group: [EncryptedChange], in operation: String) -> EffectError {
        let keys = group.flatMap(\.parts).prefix(8).map { HandlerErrors.quote($0.key.text) }.joined(separator: ", ")
        let what = "does not agree with what is stored, which was altered or put back: read \(keys) to see what it is"
        return sealer.corrupted(.manifestRoot, what, in: operation)
    }

    private func refusal(of group: [EncryptedChange], _ error: EffectError) -> EffectError {
        let parts = group.flatMap(\.parts).filter { $0.precondition != .none }
        let key = HandlerErrors.quote(parts.first?.key.text ?? "")
        let what = parts.count == 1 ? "The value of \(key)" : "One of \(parts.count) values, \(key) among them,"
        let message = "\(what) is not what the caller expects: read again and decide."
        return errors.error(.preconditionFailed, in: group[0].operation, message, cause: error)
    }

    // MARK: One transaction

    /// A transaction, and what the manifest is after it.
    private struct Plan {
        var mutations: [StorageMutation]
        var root: ManifestRoot
        var buckets: [(index: Int, stamp: UInt64, bucket: ManifestBucket)]
        /// For each part of the group, whether there was a value.
        var existed: [Bool]
    }

    /// Makes the transaction; `nil` where what is stored is not what the root says.
    private func plan(
        _ group: [EncryptedChange],
        on root: ManifestStore.Root,
        in operation: String
    ) async throws(EffectError) -> Plan? {
        var changed: [Int: ManifestBucket] = [:]
        let parts = group.flatMap(\.parts)
        let keys = parts.map { ManifestKey($0.key) }
        for index in Set(keys.map(\.bucket) + group.flatMap(\.renewedBuckets)) {
            let stamp = root.contents.stamps[index]
            guard let bucket = try await manifest.bucket(index, stamp: stamp, in: operation) else { return nil }
            changed[index] = bucket
        }
        var plan = Plan(mutations: [], root: root.contents, buckets: [], existed: [])
        if let target = group.compactMap(\.targetVersion).last { plan.root.targetVersion = target }
        for (part, key) in zip(parts, keys) {
            guard try await isJudgeable(part, key, changed[key.bucket]) else { return nil }
            let change = part.record.map { StorageMutation.Change.write($0.bytes) } ?? .remove
            plan.mutations.append(
                StorageMutation(EncryptedPlaces.value(part.key), change, if: part.precondition)
            )
            plan.existed.append(changed[key.bucket]?[key] != nil)
            if let record = part.record {
                changed[key.bucket]?
                    .set(ManifestBucket.Entry(key: key, stamp: record.stamp, version: record.version))
                plan.root.note(record.version)
            } else {
                _ = changed[key.bucket]?.remove(key)
            }
        }
        if let reached = group.compactMap(\.reachedVersion).last, reached == plan.root.targetVersion {
            plan.root.oldestVersion = reached
        }
        try await seal(changed, into: &plan, after: root, in: operation)
        return plan
    }

    /// Whether the value that a condition is about is the one of the manifest: one that was put back underneath must not meet it.
    private func isJudgeable(
        _ part: EncryptedChange.Part,
        _ key: ManifestKey,
        _ bucket: ManifestBucket?
    ) async throws(EffectError) -> Bool {
        if part.precondition == .none { return true }
        let value = try await inner.read(EncryptedPlaces.value(part.key))
        return EncryptedReader.Disagreement(of: value, with: bucket, key) == nil
    }

    /// Adds the manifest's records to a transaction, all under one key.
    private func seal(
        _ changed: [Int: ManifestBucket],
        into plan: inout Plan,
        after root: ManifestStore.Root,
        in operation: String
    ) async throws(EffectError) {
        let key = try await sealer.makeKey(for: .manifestRoot, in: operation)
        do throws(EffectError) {
            for (index, bucket) in changed.sorted(by: { $0.key < $1.key }) {
                let subject = SealedSubject.manifestBucket(index)
                let record = try await sealer.seal(bucket.bytes, as: subject, under: key, in: operation)
                var bucket = bucket
                bucket.version = record.version
                plan.mutations.append(.write(record.bytes, to: EncryptedPlaces.bucket(index)))
                plan.root.stamps[index] = record.stamp
                plan.buckets.append((index, record.stamp, bucket))
            }
            plan.root.commit += 1
            let record = try await sealer.seal(plan.root.bytes, as: .manifestRoot, under: key, in: operation)
            let condition = root.revision.map { StoragePrecondition.matches($0) } ?? .absent
            plan.mutations.append(.write(record.bytes, to: EncryptedPlaces.root, if: condition))
        } catch {
            await sealer.forget(key)
            throw error
        }
        await sealer.forget(key)
    }

    private func carryOut(
        _ plan: Plan,
        _ group: [EncryptedChange]
    ) async throws(EffectError) -> [EncryptedChange.Answer] {
        let revisions = try await inner.transact(plan.mutations)
        manifest.remember(plan.buckets)
        manifest.remember(ManifestStore.Root(contents: plan.root, revision: revisions.last ?? nil))
        var index = 0
        return group.map { change in
            change.parts.map { _ in
                defer { index += 1 }
                return (revisions[index], plan.existed[index])
            }
        }
    }
}

extension EffectError {
    /// Whether a transaction failed for what one of its callers asked, rather than because the storage underneath cannot work.
    fileprivate var isAboutOneCaller: Bool {
        switch code {
        // A damaged value or part of the manifest is not that of the others.
        case .conflict, .preconditionFailed, .corrupted: outcome == .notApplied
        default: false
        }
    }
}
