internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension ObjectDefect {
    static var preconditions: [ObjectDefect] {
        [
            ObjectDefect(
                "a removed object does not count as absent",
                breaks: "a put goes through where its precondition holds"
            ) { bucket in
                let removed = Mutexed<Set<ObjectKey>>([])
                bucket.remove = { base, key, revision throws(EffectError) in
                    try await base.remove(key, matching: revision)
                    removed.withLock { _ = $0.insert(key) }
                }
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    let isTombstone = precondition == .absent && removed.current.contains(key)
                    let precondition = isTombstone ? .matches(CloudRevision(rawValue: "removed")) : precondition
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "any revision matches where there is no object",
                breaks: "a put changes nothing where its precondition does not hold"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    var precondition = precondition
                    if case .matches = precondition, try await base.info(key) == nil { precondition = .absent }
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "a removal takes any revision",
                breaks: "a removal goes through only where the revision matches"
            ) { bucket in
                bucket.remove = { base, key, revision throws(EffectError) in try await base.remove(key, matching: nil) }
            },
            ObjectDefect(
                "a conditional removal is carried out where it is not declared",
                breaks: "a removal of a revision is refused",
                declaring: .objects(without: .conditionalRemoval)
            ) { _ in },
            ObjectDefect("a get of another revision takes any", breaks: "a get heeds its condition") { bucket in
                bucket.get = { base, key, range, condition throws(EffectError) in
                    var condition = condition
                    if case .differs = condition { condition = .none }
                    return try await base.get(key, range: range, if: condition)
                }
            },
            ObjectDefect(
                "whether a revision matches is looked at before the put and not with it",
                breaks: "sixteen tasks that count by conditional puts lose nothing"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    guard case .matches(let revision) = precondition,
                        try await base.info(key)?.revision == revision
                    else { return try await base.put(body, to: key, metadata: metadata, if: precondition) }
                    await Task.yield()
                    return try await base.put(body, to: key, metadata: metadata, if: .none)
                }
            },
            ObjectDefect(
                "whether a key is absent is looked at before the body is taken and not with the put",
                breaks: "of concurrent puts if absent exactly one goes through"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    guard precondition == .absent, !key.text.isEmpty, try await base.info(key) == nil else {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    }
                    return try await base.put(body, to: key, metadata: metadata, if: .none)
                }
            },
            ObjectDefect(
                "revisions of one byte begin anew after thirty puts",
                breaks: "a revision never comes back, whatever is put, removed or put again"
            ) { bucket in
                let puts = Mutexed<[CloudRevision]>([])
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    let revision = try await base.put(body, to: key, metadata: metadata, if: precondition)
                    guard body.byteCount == 1, key == "a" else { return revision }
                    return puts.withLock { puts in
                        puts.append(revision)
                        return puts.count > 30 ? puts[0] : revision
                    }
                }
            },
            ObjectDefect("all revisions of three bytes are one", breaks: "equal revisions of a key mean equal bytes") {
                bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    let revision = try await base.put(body, to: key, metadata: metadata, if: precondition)
                    return body.byteCount == 3 && key == "a" ? CloudRevision(rawValue: "same") : revision
                }
            },
        ]
    }
}
