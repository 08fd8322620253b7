internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension KeyValueDefect {
    static var values: [KeyValueDefect] {
        [
            KeyValueDefect(
                "a number without a fraction comes back as a whole one",
                breaks: "an item is read as it was put, whatever its values are"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    let attributes = item.attributes.mapValues { value in
                        guard case .double(let number) = value, number == 1 else { return value }
                        return ItemValue.integer(1)
                    }
                    return try await base.put(Item(attributes, expires: item.expires), to: key, if: precondition)
                }
            },
            KeyValueDefect("a map is merged with the one before", breaks: "a put replaces the whole item") { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    var item = item
                    let stored = key.sort.isEmpty || key.partition.isEmpty ? nil : try? await base.get(key)
                    if case .map(let old)? = stored?.attributes["c"], case .map(let new)? = item.attributes["c"] {
                        item.attributes["c"] = .map(old.merging(new) { _, new in new })
                    }
                    return try await base.put(item, to: key, if: precondition)
                }
            },
            KeyValueDefect(
                "the removal of what never was fails",
                breaks: "an item that is removed is gone, and one that never was is removed as well"
            ) { table in
                table.remove = { base, key, precondition throws(EffectError) in
                    if key.sort == "never" {
                        throw EffectError(.notFound, "There is none.", effect: "keyValues", handler: "broken")
                    }
                    try await base.remove(key, if: precondition)
                }
            },
            KeyValueDefect(
                "an infinite number becomes none",
                breaks: "an item of another form, and one out of the limits, is refused"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    let isInfinite = item.attributes["a"] == [.map(["b": .double(.infinity)])]
                    return try await base.put(isInfinite ? Item(["a": nil]) : item, to: key, if: precondition)
                }
            },
            KeyValueDefect(
                "an error quotes the item",
                breaks: "an error prints no values and says where it comes from"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.put(item, to: key, if: precondition)
                    } catch {
                        var error = error
                        error.message += " It is \(item.attributes)."
                        throw error
                    }
                }
            },
            KeyValueDefect(
                "partition and sort key are one text with a hash sign between",
                breaks: "keys that look alike or mean something elsewhere are kept apart"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    let key = key.partition == "a#b" ? ItemKey("a", "b#c") : key
                    return try await base.put(item, to: key, if: precondition)
                }
            },
            KeyValueDefect(
                "there is no item under a key without a sort key",
                breaks: "a key with an empty part is refused by every operation"
            ) { table in
                table.get = { base, key, consistency throws(EffectError) in
                    key.sort.isEmpty ? nil : try await base.get(key, consistency: consistency)
                }
            },
            KeyValueDefect(
                "there is no item under a key that is too long",
                breaks: "a key of the declared size is taken and a longer one refused"
            ) { table in
                table.get = { base, key, consistency throws(EffectError) in
                    key.sort.utf8.count > 1024 ? nil : try await base.get(key, consistency: consistency)
                }
            },
        ]
    }
}

extension Capabilities {
    /// What a memory table declares, without one of its capabilities.
    static func keyValues(without capability: Capability) -> Capabilities {
        var capabilities = MemoryKeyValueHandler.capabilities
        capabilities.features.remove(capability)
        return capabilities
    }
}
