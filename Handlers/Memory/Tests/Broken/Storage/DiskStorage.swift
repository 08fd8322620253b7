internal import AuraEffects
internal import AuraRuntime

/// A sound storage on a simulated disk, which can crash, be damaged and be shared: what broken storages are made of.
struct DiskStorage: StorageEffects {
    static let capabilities = Capabilities(
        [.transactions, .durable, .multiProcess],
        limits: [.keyBytes: 1024, .valueBytes: 1 << 20, .transactionMutations: 100, .pageElements: 100]
    )

    let disk: SimulatedDisk
    let validation = StorageValidation(handler: "disk", capabilities: capabilities)

    var capabilities: Capabilities { Self.capabilities }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(key, in: "read")
        guard let record = disk.image.records[key] else { return nil }
        guard record.isIntact else { throw validation.errors.error(.corrupted, in: "read", "The value is damaged.") }
        return record.value
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try await write(bytes, to: key, if: precondition, revision: { $0.lastRevision + 1 })
    }

    /// Writes with a revision of one's own making.
    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition,
        syncing: Bool = true,
        revision: @Sendable (DiskImage) -> UInt64
    ) async throws(EffectError) -> StorageRevision {
        try validation.errors.checkCancellation(in: "write")
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        return try disk.update(syncing: syncing) { image throws(EffectError) in
            let stored = image.records[key]?.value.revision
            try validation.check(precondition, on: key, stored: stored, in: "write")
            let issued = revision(image)
            image.apply(.write(bytes, to: key), revision: issued)
            return StorageRevision(rawValue: issued)
        }
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        return try disk.update { image throws(EffectError) in
            let record = image.records[key]
            try validation.check(precondition, on: key, stored: record?.value.revision, in: "remove")
            image.apply(.remove(key))
            if let record { image.removed[key] = record }
            return record != nil
        }
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        let size = try validation.pageSize(for: limit)
        return try await list(after: key, size: size) { $0.hasPrefix(prefix) }
    }

    /// A page of any size of the keys that fulfil a condition.
    func list(
        after key: StorageKey?,
        size: Int,
        where isWanted: (StorageKey) -> Bool
    ) async throws(EffectError) -> StoragePage {
        try validation.errors.checkCancellation(in: "list")
        return disk.image.page(after: key, size: size, where: isWanted)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try await transact(mutations, revision: { $0.lastRevision + 1 })
    }

    /// Carries out a transaction with revisions of one's own making.
    func transact(
        _ mutations: [StorageMutation],
        syncing: Bool = true,
        revision: @Sendable (DiskImage) -> UInt64
    ) async throws(EffectError) -> [StorageRevision?] {
        try validation.errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        return try disk.update(syncing: syncing) { image throws(EffectError) in
            try check(mutations, on: image)
            for mutation in mutations where mutation.change == .remove {
                image.removedByTransactions[mutation.key] = image.records[mutation.key]
            }
            return mutations.map { image.apply($0, revision: revision(image)) }
        }
    }

    /// Checks the preconditions of a transaction.
    func check(_ mutations: [StorageMutation], on image: DiskImage) throws(EffectError) {
        for mutation in mutations {
            let stored = image.records[mutation.key]?.value.revision
            try validation.check(mutation.precondition, on: mutation.key, stored: stored, in: "transact")
        }
    }
}

extension DiskImage {
    /// The items of the keys that fulfil a condition, in the order of the keys' bytes.
    func items(where isWanted: (StorageKey) -> Bool = { _ in true }) -> [StoragePage.Item] {
        records.filter { isWanted($0.key) }
            .sorted { $0.key < $1.key }
            .map { key, record in
                StoragePage.Item(key: key, revision: record.value.revision, byteCount: record.value.bytes.count)
            }
    }

    func page(after key: StorageKey?, size: Int, where isWanted: (StorageKey) -> Bool) -> StoragePage {
        let items = items { candidate in isWanted(candidate) && key.map { candidate > $0 } ?? true }
        let page = Array(items.prefix(size))
        return StoragePage(items: page, next: page.count < items.count ? page.last?.key : nil)
    }
}
