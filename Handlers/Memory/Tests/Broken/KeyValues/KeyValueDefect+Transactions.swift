internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension KeyValueDefect {
    static var transactions: [KeyValueDefect] {
        [
            KeyValueDefect("a transaction removes nothing", breaks: "a transaction applies all its changes") { table in
                table.transact = { base, mutations throws(EffectError) in
                    let isMixed = mutations.count == 4 && mutations[1].change == .remove
                    guard isMixed, mutations[1].precondition == .none else { return try await base.transact(mutations) }
                    var revisions = try await base.transact(mutations.filter { $0.change != .remove })
                    revisions.insert(nil, at: 1)
                    return revisions + [nil]
                }
            },
            KeyValueDefect(
                "what stands before an unmet condition is applied",
                breaks: "a transaction of which one condition does not hold changes nothing"
            ) { table in
                table.transact = { base, mutations throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.transact(mutations)
                    } catch {
                        if error.code == .preconditionFailed, mutations.count == 4 {
                            _ = try await base.transact(Array(mutations.prefix { $0.precondition == .none }))
                        }
                        throw error
                    }
                }
            },
            KeyValueDefect(
                "a transaction of two partitions is two transactions",
                breaks: "a transaction out of its bounds is refused"
            ) { table in
                table.transact = { base, mutations throws(EffectError) in
                    guard mutations.contains(where: { $0.key.partition == "q" }) else {
                        return try await base.transact(mutations)
                    }
                    var revisions: [CloudRevision?] = []
                    for mutation in mutations { revisions += try await base.transact([mutation]) }
                    return revisions
                }
            },
            KeyValueDefect(
                "the changes of a transfer are judged one after the other",
                breaks: "concurrent transactions lose nothing"
            ) { table in
                table.transact = { base, mutations throws(EffectError) in
                    guard mutations.count == 2, mutations.allSatisfy({ $0.key.sort.hasPrefix("account") }) else {
                        return try await base.transact(mutations)
                    }
                    let first = try await base.transact([mutations[0]])
                    await Task.yield()
                    return first + (try await base.transact([mutations[1]]))
                }
            },
            KeyValueDefect(
                "transactions are carried out where they are not declared",
                breaks: "a transaction is refused",
                declaring: .keyValues(without: .transactions)
            ) { _ in },
            KeyValueDefect(
                "a cancelled removal is carried out",
                breaks: "a call of a cancelled task is cancelled and changes nothing"
            ) { table in
                table.remove = { base, key, precondition throws(EffectError) in
                    try await heedless { () throws(EffectError) in try await base.remove(key, if: precondition) }
                }
            },
            KeyValueDefect(
                "a put that is cancelled late says that nothing was stored",
                breaks: "a put that is cancelled while it waits is there or not, as it says"
            ) { table in
                let puts = Gauge()
                table.put = { base, item, key, precondition throws(EffectError) in
                    guard key.sort.hasPrefix("key "), item.attributes["n"] == 1, !Task.isCancelled else {
                        return try await base.put(item, to: key, if: precondition)
                    }
                    return try await puts.whileCounted { running throws(EffectError) in
                        if running > 16 { await linger(5) }
                        let revision = try await heedless { () throws(EffectError) in
                            try await base.put(item, to: key, if: precondition)
                        }
                        if Task.isCancelled {
                            throw EffectError(.cancelled, "Cancelled.", effect: "keyValues", handler: "broken")
                        }
                        return revision
                    }
                }
            },
        ]
    }
}
