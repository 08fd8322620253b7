internal import AuraConformance
internal import AuraEffects

extension StorageKey {
    /// Whether the key has one byte, so that an index may hold it inline, which is where these defects lie.
    var isInline: Bool { text.utf8.count == 1 }
}

extension StorageDefect {
    static var values: [StorageDefect] {
        [
            StorageDefect(
                "a handler declares more than it says",
                breaks: "the handler declares what its harness says",
                declaring: DiskStorage.capabilities
            ) { storage in
                storage.capabilities.features.insert(.snapshots)
            },
            StorageDefect(
                "an absent inline key reads as the key before it",
                breaks: "what is written is read back, and a key without a value reads nil"
            ) { storage in
                storage.read = { base, key throws(EffectError) in
                    let records = base.disk.image.records
                    guard key.isInline, records[key] == nil else { return try await base.read(key) }
                    return records.filter { $0.key < key }.max { $0.key < $1.key }?.value.value
                }
            },
            StorageDefect(
                "writing the same bytes again is skipped",
                breaks: "an overwrite replaces the value and its revision"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    let stored = base.disk.image.records[key]?.value
                    if let stored, precondition == .none, !bytes.isEmpty, stored.bytes == bytes {
                        return stored.revision
                    }
                    return try await base.write(bytes, to: key, if: precondition)
                }
            },
            StorageDefect(
                "the removal of an absent inline key says that there was a value",
                breaks: "a removed value is gone, and the removal says whether there was one"
            ) { storage in
                storage.remove = { base, key, precondition throws(EffectError) in
                    let existed = try await base.remove(key, if: precondition)
                    return existed || (key.isInline && precondition == .none)
                }
            },
            StorageDefect("an empty value counts as absent in a precondition", breaks: "an empty value is a value") {
                storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    let isEmpty = base.disk.image.records[key]?.value.bytes.isEmpty ?? false
                    let isIgnored = isEmpty && precondition == .absent
                    return try await base.write(bytes, to: key, if: isIgnored ? .none : precondition)
                }
            },
            StorageDefect(
                "a value of more than 64 KiB is filled up to whole blocks",
                breaks: "values of any size and every byte survive"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    let filling = bytes.count > 65_536 ? (4096 - bytes.count % 4096) % 4096 : 0
                    return try await base.write(bytes + Array(repeating: 0, count: filling), to: key, if: precondition)
                }
            },
            StorageDefect(
                "revisions are compared by their lowest four bits",
                breaks: "random operations have the results of a model"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    guard case .matches(let revision) = precondition,
                        let stored = base.disk.image.records[key]?.value.revision,
                        stored.rawValue % 16 == revision.rawValue % 16
                    else { return try await base.write(bytes, to: key, if: precondition) }
                    return try await base.write(bytes, to: key, if: .matches(stored))
                }
            },
        ]
    }

    static var revisions: [StorageDefect] {
        [
            StorageDefect(
                "each key counts its own revisions, anew after a removal",
                breaks: "a revision never comes back, whatever is overwritten, removed or written again"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    try await base.write(bytes, to: key, if: precondition) { image in
                        let first = key.text.utf8.reduce(UInt64(5381)) { $0 &* 33 &+ UInt64($1) } << 20
                        return (image.records[key]?.value.revision.rawValue ?? first) + 1
                    }
                }
            },
            StorageDefect(
                "the next revision is looked up before the write and not with it",
                breaks: "a revision never comes back under concurrent writers"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    guard precondition == .none else { return try await base.write(bytes, to: key, if: precondition) }
                    let next = base.disk.image.lastRevision + 1
                    if !Task.isCancelled { await Task.yield() }
                    return try await base.write(bytes, to: key, if: .none) { _ in next }
                }
            },
            StorageDefect(
                "a reopened storage goes on after the highest revision that it finds",
                breaks: "a revision never comes back after a reopening",
                on: BrokenDiskHarness(reopened: { $0.forgetRevisions() })
            ),
            StorageDefect(
                "after a crash a storage goes on after the highest revision that it finds",
                breaks: "a revision never comes back after a crash",
                on: BrokenDiskHarness(crashed: { $0.forgetRevisions() })
            ),
            StorageDefect(
                "all writes of a transaction have one revision",
                breaks: "the revisions that transactions issue never come back"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    let shared = base.disk.image.lastRevision + 1
                    return try await base.transact(mutations) { max($0.lastRevision, shared) }
                }
            },
        ]
    }
}

extension DiskImage {
    fileprivate mutating func forgetRevisions() {
        lastRevision = records.values.map(\.value.revision.rawValue).max() ?? 0
    }
}
