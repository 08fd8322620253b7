internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime

extension StorageDefect {
    static var keys: [StorageDefect] {
        [
            StorageDefect(
                "keys are the same whose first 255 bytes are",
                breaks: "any text is a key, and look-alikes are different keys"
            ) { storage in
                storage.read = { base, key throws(EffectError) in try await base.read(base.disk.image.known(key)) }
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    try await base.write(bytes, to: base.disk.image.known(key), if: precondition)
                }
                storage.remove = { base, key, precondition throws(EffectError) in
                    try await base.remove(base.disk.image.known(key), if: precondition)
                }
            },
            StorageDefect("the empty key reads nil", breaks: "an empty key is refused") { storage in
                storage.read = { base, key throws(EffectError) in
                    key.text.isEmpty ? nil : try await base.read(key)
                }
            },
            StorageDefect("a key that is too long reads nil", breaks: "a key is taken up to its limit") { storage in
                storage.read = { base, key throws(EffectError) in
                    let limit = base.capabilities.limit(.keyBytes)
                    return key.text.utf8.count > limit ? nil : try await base.read(key)
                }
            },
            StorageDefect("a value may have one byte more", breaks: "a value is taken up to its limit") { storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    guard bytes.count == base.capabilities.limit(.valueBytes) + 1 else {
                        return try await base.write(bytes, to: key, if: precondition)
                    }
                    return base.disk.image.records[key]?.value.revision ?? StorageRevision(rawValue: 0)
                }
            },
            StorageDefect("an error quotes the value", breaks: "an error prints no value and says where it comes from")
            {
                storage in
                storage.write = { base, bytes, key, precondition throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.write(bytes, to: key, if: precondition)
                    } catch {
                        var quoting = error
                        if error.code == .preconditionFailed { quoting.message += " The value is \(bytes)." }
                        throw quoting
                    }
                }
            },
        ]
    }

    static var listing: [StorageDefect] {
        [
            StorageDefect(
                "a page is in the order of letters instead of bytes",
                breaks: "a listing is in the order of the keys' bytes, with revisions and sizes"
            ) { storage in
                storage.list = { base, prefix, key, limit throws(EffectError) in
                    var page = try await base.list(prefix: prefix, after: key, limit: limit)
                    page.items.sort { $0.key.text < $1.key.text }
                    return page
                }
            },
            StorageDefect(
                "a prefix is compared by letters instead of bytes",
                breaks: "a prefix selects the keys whose bytes begin with it"
            ) { storage in
                storage.list = { base, prefix, key, limit throws(EffectError) in
                    let size = try base.validation.pageSize(for: limit)
                    return try await base.list(after: key, size: size) { $0.text.hasPrefix(prefix) }
                }
            },
            StorageDefect(
                "a listing from before the prefix ends at the first key without it",
                breaks: "a listing after a key begins right after it, whether it exists or not"
            ) { storage in
                storage.list = { base, prefix, key, limit throws(EffectError) in
                    let page = try await base.list(prefix: prefix, after: key, limit: limit)
                    guard let key, key < StorageKey(prefix) else { return page }
                    let next = base.disk.image.page(after: key, size: 1) { _ in true }
                    return next.items.first?.key.hasPrefix(prefix) ?? false ? page : StoragePage(items: [], next: nil)
                }
            },
            StorageDefect(
                "a full page always has a next",
                breaks: "a page has at most as many items as its limit, and the last has no next"
            ) { storage in
                storage.list = { base, prefix, key, limit throws(EffectError) in
                    var page = try await base.list(prefix: prefix, after: key, limit: limit)
                    if page.items.count == limit { page.next = page.items.last?.key }
                    return page
                }
            },
            StorageDefect(
                "a page is as large as it is asked for",
                breaks: "a page has at most as many items as the handler declares"
            ) { storage in
                storage.list = { base, prefix, key, limit throws(EffectError) in
                    _ = try base.validation.pageSize(for: limit)
                    return try await base.list(after: key, size: limit) { $0.hasPrefix(prefix) }
                }
            },
            StorageDefect("a negative limit stands for none", breaks: "a listing's limit below 1 is refused") {
                storage in
                storage.list = { base, prefix, key, limit throws(EffectError) in
                    try await base.list(prefix: prefix, after: key, limit: limit < 0 ? .max : limit)
                }
            },
            StorageDefect(
                "pages are counted off by their offset",
                breaks: "a listing sees every lasting key exactly once while writers run"
            ) { storage in
                let offsets = Mutexed<[StorageKey: Int]>([:])
                storage.list = { base, prefix, key, limit throws(EffectError) in
                    let size = try base.validation.pageSize(for: limit)
                    try base.validation.errors.checkCancellation(in: "list")
                    await Task.yield()
                    guard let offset = key.map({ key in offsets.withLock { $0[key] } }) ?? 0 else {
                        return try await base.list(prefix: prefix, after: key, limit: limit)
                    }
                    let items = base.disk.image.items { $0.hasPrefix(prefix) }.dropFirst(offset)
                    let page = Array(items.prefix(size))
                    guard items.count > size, let next = page.last?.key else {
                        return StoragePage(items: page, next: nil)
                    }
                    offsets.withLock { $0[next] = offset + size }
                    return StoragePage(items: page, next: next)
                }
            },
        ]
    }
}

extension DiskImage {
    /// The stored key whose first 255 bytes are the same.
    fileprivate func known(_ key: StorageKey) -> StorageKey {
        let bytes = key.text.utf8
        guard bytes.count > 255, bytes.count <= 1024 else { return key }
        return records.keys.first { $0.text.utf8.prefix(255).elementsEqual(bytes.prefix(255)) } ?? key
    }
}
