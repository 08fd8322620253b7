internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime

extension StorageDefect {
    static var durability: [StorageDefect] {
        [
            StorageDefect(
                "a reopened storage lacks the empty values",
                breaks: "a reopened storage holds what it held",
                on: BrokenDiskHarness(reopened: { image in
                    image.records = image.records.filter { !$0.value.value.bytes.isEmpty }
                })
            ),
            StorageDefect(
                "a transaction's removals come back when the storage is reopened",
                breaks: "transactions are kept over a reopening",
                on: BrokenDiskHarness(reopened: { image in
                    image.records.merge(image.removedByTransactions) { current, _ in current }
                })
            ),
            StorageDefect(
                "a damaged value is returned as it is",
                breaks: "a damaged value is corrupted, never wrong bytes",
                on: BrokenDiskHarness(change: { storage in
                    storage.read = { base, key throws(EffectError) in
                        do throws(EffectError) {
                            return try await base.read(key)
                        } catch {
                            guard error.code == .corrupted else { throw error }
                            return base.disk.image.records[key]?.value
                        }
                    }
                })
            ),
        ]
    }

    static var crashes: [StorageDefect] {
        [
            StorageDefect(
                "removed values come back after a crash",
                breaks: "a crash loses nothing that was acknowledged",
                on: BrokenDiskHarness(crashed: { image in
                    image.records.merge(image.removed) { current, _ in current }
                })
            ),
            StorageDefect(
                "a crash leaves the half of a value that was written by then",
                breaks: "a crash amid writes leaves every value whole",
                on: BrokenDiskHarness(
                    change: { storage in
                        storage.write = { base, bytes, key, precondition throws(EffectError) in
                            let half = Array(bytes.prefix(bytes.count / 2))
                            return try await leaving(StorageMutation.write(half, to: key), on: base) {
                                () throws(EffectError) in
                                try await base.write(bytes, to: key, if: precondition)
                            }
                        }
                    },
                    crashed: { $0.records.merge($0.partial) { $1 } }
                )
            ),
            StorageDefect(
                "concurrent writes leave it to the others to sync",
                breaks: "a crash amid writes loses nothing that was acknowledged",
                on: BrokenDiskHarness(change: { storage in
                    let writes = Gauge()
                    storage.write = { base, bytes, key, precondition throws(EffectError) in
                        try await writes.whileCounted { running throws(EffectError) in
                            try await base.write(bytes, to: key, if: precondition, syncing: running == 1) {
                                $0.lastRevision + 1
                            }
                        }
                    }
                })
            ),
            StorageDefect(
                "a transaction is not synced",
                breaks: "a crash loses no transaction that was acknowledged",
                on: BrokenDiskHarness(change: { storage in
                    storage.transact = { base, mutations throws(EffectError) in
                        try await base.transact(mutations, syncing: false) { $0.lastRevision + 1 }
                    }
                })
            ),
            StorageDefect(
                "a crash leaves the changes of a transaction that were written by then",
                breaks: "a crash amid transactions leaves all of each or nothing",
                on: BrokenDiskHarness(
                    change: { storage in
                        storage.transact = { base, mutations throws(EffectError) in
                            guard let first = mutations.first else { return [] }
                            return try await leaving(first, on: base) { () throws(EffectError) in
                                try await base.transact(mutations)
                            }
                        }
                    },
                    crashed: { $0.records.merge($0.partial) { $1 } }
                )
            ),
        ]
    }

    static var sharing: [StorageDefect] {
        [
            StorageDefect(
                "a handler lists the keys that it knew when it last wrote",
                breaks: "two handlers on the same data see each other's writes",
                on: BrokenDiskHarness(change: { storage in
                    let known = Mutexed<DiskImage?>(nil)
                    storage.write = { base, bytes, key, precondition throws(EffectError) in
                        let revision = try await base.write(bytes, to: key, if: precondition)
                        known.withLock { $0 = base.disk.image }
                        return revision
                    }
                    storage.remove = { base, key, precondition throws(EffectError) in
                        let existed = try await base.remove(key, if: precondition)
                        known.withLock { $0 = base.disk.image }
                        return existed
                    }
                    storage.transact = { base, mutations throws(EffectError) in
                        let revisions = try await base.transact(mutations)
                        known.withLock { $0 = base.disk.image }
                        return revisions
                    }
                    storage.list = { base, prefix, key, limit throws(EffectError) in
                        let page = try await base.list(prefix: prefix, after: key, limit: limit)
                        let size = try base.validation.pageSize(for: limit)
                        return known.withLock { $0 }?.page(after: key, size: size) { $0.hasPrefix(prefix) } ?? page
                    }
                })
            ),
            StorageDefect(
                "whether a revision matches is looked at under a lock of the handler's own",
                breaks: "tasks that count through two handlers on the same data lose nothing",
                on: BrokenDiskHarness(change: { storage in
                    let turns = Turns()
                    storage.write = { base, bytes, key, precondition throws(EffectError) in
                        try await turns.inTurn { () throws(EffectError) in
                            guard case .matches(let revision) = precondition,
                                try await base.read(key)?.revision == revision
                            else { return try await base.write(bytes, to: key, if: precondition) }
                            await Task.yield()
                            return try await base.write(bytes, to: key, if: .none)
                        }
                    }
                })
            ),
            StorageDefect(
                "each handler counts the revisions of unconditional writes by itself",
                breaks: "two handlers on the same data issue no revision twice",
                on: BrokenDiskHarness(change: { storage in
                    let counter = Mutexed(storage.base.disk.image.secondCounter)
                    storage.write = { base, bytes, key, precondition throws(EffectError) in
                        guard precondition == .none else {
                            return try await base.write(bytes, to: key, if: precondition)
                        }
                        let next = counter.withLock { counter in
                            counter += 1
                            return counter
                        }
                        try base.disk.update { image throws(EffectError) in
                            image.secondCounter = max(image.secondCounter, next)
                        }
                        return try await base.write(bytes, to: key, if: .none) { _ in 1 << 40 | next }
                    }
                })
            ),
            StorageDefect(
                "the conditions of a transaction are looked at under a lock of the handler's own",
                breaks: "concurrent transfers through two handlers on the same data neither make nor lose anything",
                on: BrokenDiskHarness(change: { storage in
                    let turns = Turns()
                    storage.transact = { base, mutations throws(EffectError) in
                        try await turns.inTurn { () throws(EffectError) in
                            try await transactHastily(mutations, on: base)
                        }
                    }
                })
            ),
        ]
    }
}

/// Leaves a record on the disk that only a crash brings to light, while the operation is under way.
private func leaving<Value>(
    _ mutation: StorageMutation,
    on base: DiskStorage,
    _ body: () async throws(EffectError) -> Value
) async throws(EffectError) -> Value {
    guard case .write(let bytes) = mutation.change else { return try await body() }
    let key = mutation.key
    try base.disk.update(syncing: false) { image throws(EffectError) in
        image.partial[key] = DiskImage.Record(bytes, image.lastRevision + 1)
    }
    for _ in 0..<4 { await Task.yield() }
    let value = try await body()
    try base.disk.update { image throws(EffectError) in image.partial[key] = nil }
    return value
}

/// Looks at the conditions first, and carries the changes out unconditionally a little later.
func transactHastily(
    _ mutations: [StorageMutation],
    on base: DiskStorage
) async throws(EffectError) -> [StorageRevision?] {
    try base.validation.check(mutations)
    try base.check(mutations, on: base.disk.image)
    if !Task.isCancelled { await Task.yield() }
    return try await base.transact(mutations.map { StorageMutation($0.key, $0.change) })
}
