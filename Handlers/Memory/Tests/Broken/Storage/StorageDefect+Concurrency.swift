internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime

extension StorageDefect {
    static var concurrency: [StorageDefect] {
        [
            StorageDefect(
                "a large value is read in two parts",
                breaks: "a reader sees each value whole while it is overwritten"
            ) { storage in
                storage.read = { base, key throws(EffectError) in
                    let first = try await base.read(key)
                    guard let first, first.bytes.count == 20_000 else { return first }
                    for _ in 0..<4 { await Task.yield() }
                    guard var second = try await base.read(key), second.bytes.count == 20_000 else { return first }
                    second.bytes.replaceSubrange(..<10_000, with: first.bytes[..<10_000])
                    return second
                }
            },
            StorageDefect(
                "of many reads at once some have an old picture of the values",
                breaks: "every read that begins after a write has ended sees it, however many run at once"
            ) { storage in
                let reads = Gauge()
                let previous = Mutexed<[StorageKey: StoredValue]>([:])
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    let old = base.disk.image.records[key]?.value
                    let revision = try await base.write(bytes, to: key, if: precondition)
                    previous.withLock { $0[key] = old }
                    return revision
                }
                storage.read = { base, key throws(EffectError) in
                    try await reads.whileCounted { running throws(EffectError) in
                        let old = running > 24 ? previous.withLock { $0[key] } : nil
                        if let old { return old }
                        return try await base.read(key)
                    }
                }
            },
        ]
    }

    static var cancellation: [StorageDefect] {
        [
            StorageDefect(
                "a cancelled removal is carried out",
                breaks: "a call of a cancelled task is cancelled and changes nothing"
            ) { storage in
                storage.remove = { base, key, precondition throws(EffectError) in
                    try await heedless { () throws(EffectError) in try await base.remove(key, if: precondition) }
                }
            },
            StorageDefect(
                "a cancelled transaction is carried out",
                breaks: "a transaction of a cancelled task changes nothing"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    try await heedless { () throws(EffectError) in try await base.transact(mutations) }
                }
            },
            StorageDefect(
                "a write of a kilobyte that is cancelled late says that nothing was written",
                breaks: "a write that is cancelled while it waits is there wholly or not at all"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    try base.validation.errors.checkCancellation(in: "write")
                    guard bytes.count == 1000 else { return try await base.write(bytes, to: key, if: precondition) }
                    await linger(5)
                    let revision = try await heedless { () throws(EffectError) in
                        try await base.write(bytes, to: key, if: precondition)
                    }
                    try base.validation.errors.checkCancellation(in: "write")
                    return revision
                }
            },
            StorageDefect(
                "a removal that is cancelled late says that nothing was removed",
                breaks: "a removal that is cancelled while it waits has happened or not, as it says"
            ) { storage in
                let removals = Gauge()
                storage.remove = { base, key, precondition throws(EffectError) in
                    try base.validation.errors.checkCancellation(in: "remove")
                    return try await removals.whileCounted { running throws(EffectError) in
                        if running > 16 { await linger(5) }
                        let existed = try await heedless { () throws(EffectError) in
                            try await base.remove(key, if: precondition)
                        }
                        try base.validation.errors.checkCancellation(in: "remove")
                        return existed
                    }
                }
            },
            StorageDefect(
                "a transaction that is cancelled late applies its first change",
                breaks: "a transaction that is cancelled while it waits is applied wholly or not at all"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    try base.validation.errors.checkCancellation(in: "transact")
                    await linger(5)
                    if Task.isCancelled {
                        _ = try await heedless { () throws(EffectError) in
                            try await base.transact(Array(mutations.prefix(1)))
                        }
                    }
                    return try await base.transact(mutations)
                }
            },
            StorageDefect(
                "a read that is cancelled while it waits finds nothing",
                breaks: "a read or a listing that is cancelled while it waits tells the truth or is cancelled"
            ) { storage in
                let reads = Gauge()
                storage.read = { base, key throws(EffectError) in
                    try base.validation.errors.checkCancellation(in: "read")
                    return try await reads.whileCounted { running throws(EffectError) in
                        if running > 16 { await linger(5) }
                        return Task.isCancelled ? nil : try await base.read(key)
                    }
                }
            },
        ]
    }
}
