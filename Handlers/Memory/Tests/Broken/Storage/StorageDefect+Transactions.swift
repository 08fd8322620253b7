internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime

extension StorageDefect {
    static var transactions: [StorageDefect] {
        [
            StorageDefect(
                "a transaction's revisions come in the order of the keys",
                breaks: "a transaction applies all its changes, with a revision for each write"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    let revisions = try await base.transact(mutations)
                    return zip(mutations, revisions).sorted { $0.0.key < $1.0.key }.map(\.1)
                }
            },
            StorageDefect(
                "the condition of a removal is looked at when its turn comes",
                breaks: "a transaction changes nothing where one precondition does not hold"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    for (number, mutation) in mutations.enumerated() where mutation.change == .remove {
                        do throws(EffectError) {
                            try base.check([mutation], on: base.disk.image)
                        } catch {
                            _ = try await base.transact(Array(mutations[..<number]))
                            throw error
                        }
                    }
                    return try await base.transact(mutations)
                }
            },
            StorageDefect(
                "a transaction may write a key and remove it again",
                breaks: "a transaction with a key twice is refused"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    let removed = mutations.filter { $0.change == .remove }.map(\.key)
                    return try await base.transact(
                        mutations.filter { $0.change == .remove || !removed.contains($0.key) }
                    )
                }
            },
            StorageDefect(
                "a transaction cuts values to the limit",
                breaks: "the limits of keys and values hold in a transaction"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    let limit = base.capabilities.limit(.valueBytes)
                    let cut = mutations.map { mutation in
                        guard case .write(let bytes) = mutation.change else { return mutation }
                        return StorageMutation(
                            mutation.key,
                            .write(Array(bytes.prefix(limit))),
                            if: mutation.precondition
                        )
                    }
                    return try await base.transact(cut)
                }
            },
            StorageDefect(
                "a transaction may have one change more",
                breaks: "a transaction takes mutations up to its limit"
            ) {
                storage in
                storage.transact = { base, mutations throws(EffectError) in
                    let limit = base.capabilities.limit(.transactionMutations)
                    guard mutations.count == limit + 1 else { return try await base.transact(mutations) }
                    let first = try await base.transact(Array(mutations.prefix(limit)))
                    return first + (try await base.transact(Array(mutations.suffix(1))))
                }
            },
            StorageDefect(
                "the conditions of a transaction are looked at before it and not with it",
                breaks: "concurrent transfers neither make nor lose anything"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    try await transactHastily(mutations, on: base)
                }
            },
            StorageDefect(
                "a transaction without conditions is carried out in two halves",
                breaks: "a page shows all of a transaction or nothing of it"
            ) { storage in
                storage.transact = { base, mutations throws(EffectError) in
                    try base.validation.check(mutations)
                    let half = mutations.count / 2
                    guard half > 0, mutations.allSatisfy({ $0.precondition == .none }) else {
                        return try await base.transact(mutations)
                    }
                    let first = try await base.transact(Array(mutations[..<half]))
                    await Task.yield()
                    let second = try await heedless { () throws(EffectError) in
                        try await base.transact(Array(mutations[half...]))
                    }
                    return first + second
                }
            },
            StorageDefect("an error of a transaction quotes it", breaks: "an error of a transaction prints no value") {
                storage in
                storage.transact = { base, mutations throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.transact(mutations)
                    } catch {
                        var quoting = error
                        quoting.message += " The mutations are \(mutations)."
                        throw quoting
                    }
                }
            },
            StorageDefect(
                "a transaction is carried out without being declared",
                breaks: "transactions that are not declared are refused as unsupported"
            ) { storage in
                storage.capabilities.features.remove(.transactions)
            },
        ]
    }
}
