internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime

extension StorageDefect {
    static var preconditions: [StorageDefect] {
        [
            StorageDefect(
                "a removed inline key does not count as absent",
                breaks: "a write goes through where its precondition holds"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    let image = base.disk.image
                    let isTombstone = key.isInline && image.records[key] == nil && image.removed[key] != nil
                    guard isTombstone, precondition == .absent else {
                        return try await base.write(bytes, to: key, if: precondition)
                    }
                    throw base.validation.errors.error(.preconditionFailed, in: "write", "There is a tombstone.")
                }
            },
            StorageDefect(
                "revision 0 stands for absent",
                breaks: "a write changes nothing where its precondition does not hold"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    let isAbsent = precondition == .matches(StorageRevision(rawValue: 0))
                    return try await base.write(bytes, to: key, if: isAbsent ? .absent : precondition)
                }
            },
            StorageDefect(
                "the removal of an inline key, if absent, says that there was a value",
                breaks: "a removal goes through where its precondition holds"
            ) { storage in
                storage.remove = { base, key, precondition throws(EffectError) in
                    let existed = try await base.remove(key, if: precondition)
                    return existed || (key.isInline && precondition == .absent)
                }
            },
            StorageDefect(
                "the removal of an inline key that never was goes through on any condition",
                breaks: "a removal changes nothing where its precondition does not hold"
            ) { storage in
                storage.remove = { base, key, precondition throws(EffectError) in
                    let image = base.disk.image
                    let wasEver = image.records[key] != nil || image.removed[key] != nil
                    return try await base.remove(key, if: key.isInline && !wasEver ? .none : precondition)
                }
            },
            StorageDefect(
                "whether a revision matches is looked at before the write and not with it",
                breaks: "sixteen tasks that count by compare-and-swap lose nothing"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    guard case .matches(let revision) = precondition,
                        try await base.read(key)?.revision == revision
                    else { return try await base.write(bytes, to: key, if: precondition) }
                    await Task.yield()
                    return try await base.write(bytes, to: key, if: .none)
                }
            },
            StorageDefect(
                "whether a key is absent is looked at before the write and not with it",
                breaks: "of concurrent writes if absent exactly one goes through"
            ) { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    guard precondition == .absent, !key.text.isEmpty, base.disk.image.records[key] == nil else {
                        return try await base.write(bytes, to: key, if: precondition)
                    }
                    await Task.yield()
                    return try await base.write(bytes, to: key, if: .none)
                }
            },
            StorageDefect(
                "whether a revision matches is looked at before the removal and not with it",
                breaks: "of concurrent removals of one revision exactly one goes through"
            ) { storage in
                storage.remove = { base, key, precondition throws(EffectError) in
                    guard case .matches(let revision) = precondition,
                        try await base.read(key)?.revision == revision
                    else { return try await base.remove(key, if: precondition) }
                    await Task.yield()
                    _ = try await base.remove(key, if: .none)
                    return true
                }
            },
        ]
    }
}
