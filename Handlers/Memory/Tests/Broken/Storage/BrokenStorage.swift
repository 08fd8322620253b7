internal import AuraConformance
internal import AuraEffects

/// A storage on a simulated disk of which some operations are replaced by broken ones.
struct BrokenStorage: StorageEffects {
    typealias Read = @Sendable (DiskStorage, StorageKey) async throws(EffectError) -> StoredValue?
    typealias Write =
        @Sendable (DiskStorage, [UInt8], StorageKey, StoragePrecondition) async throws(EffectError) -> StorageRevision
    typealias Remove = @Sendable (DiskStorage, StorageKey, StoragePrecondition) async throws(EffectError) -> Bool
    typealias List = @Sendable (DiskStorage, String, StorageKey?, Int) async throws(EffectError) -> StoragePage
    typealias Transact =
        @Sendable (DiskStorage, [StorageMutation]) async throws(EffectError) -> [StorageRevision?]

    let base: DiskStorage
    var capabilities = DiskStorage.capabilities
    var read: Read = { base, key throws(EffectError) in try await base.read(key) }
    var write: Write = { base, bytes, key, precondition throws(EffectError) in
        try await base.write(bytes, to: key, if: precondition)
    }
    var remove: Remove = { base, key, precondition throws(EffectError) in
        try await base.remove(key, if: precondition)
    }
    var list: List = { base, prefix, key, limit throws(EffectError) in
        try await base.list(prefix: prefix, after: key, limit: limit)
    }
    var transact: Transact = { base, mutations throws(EffectError) in try await base.transact(mutations) }

    init(_ disk: SimulatedDisk) {
        base = DiskStorage(disk: disk)
    }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try await read(base, key)
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try await write(base, bytes, key, precondition)
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try await remove(base, key, precondition)
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try await list(base, prefix, key, limit)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try await transact(base, mutations)
    }
}

/// Makes storages that are all broken in the same way, on fresh disks.
struct BrokenStorageHarness: StorageHarness {
    var declared: Capabilities?
    let change: @Sendable (inout BrokenStorage) -> Void

    var capabilities: Capabilities { declared ?? broken(SimulatedDisk()).capabilities }

    func make() async throws -> any StorageEffects { broken(SimulatedDisk()) }

    func finish() async {}

    fileprivate func broken(_ disk: SimulatedDisk) -> BrokenStorage {
        var storage = BrokenStorage(disk)
        change(&storage)
        return storage
    }
}

/// Makes broken storages and does to them whatever a harness can do; what is left on the disk may be changed thereby.
struct BrokenDiskHarness: StorageDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness {
    typealias Handler = any StorageEffects

    private let storages: BrokenStorageHarness
    private let reopened: @Sendable (inout DiskImage) -> Void
    private let crashed: @Sendable (inout DiskImage) -> Void

    init(
        change: @escaping @Sendable (inout BrokenStorage) -> Void = { _ in },
        reopened: @escaping @Sendable (inout DiskImage) -> Void = { _ in },
        crashed: @escaping @Sendable (inout DiskImage) -> Void = { _ in }
    ) {
        storages = BrokenStorageHarness(change: change)
        self.reopened = reopened
        self.crashed = crashed
    }

    var capabilities: Capabilities { storages.capabilities }

    func make() async throws -> any StorageEffects { try await storages.make() }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        var image = disk(of: handler).image
        reopened(&image)
        return storages.broken(SimulatedDisk(image))
    }

    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        var image = disk(of: handler).crashed
        crashed(&image)
        return storages.broken(SimulatedDisk(image))
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        storages.broken(disk(of: handler))
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        var image = disk(of: storage).image
        image.records[key]?.value.bytes[0] ^= 1
        return storages.broken(SimulatedDisk(image))
    }

    func finish() async {}

    private func disk(of handler: any StorageEffects) -> SimulatedDisk {
        guard let storage = handler as? BrokenStorage else { preconditionFailure("A storage of another harness.") }
        return storage.base.disk
    }
}

typealias StorageDefect = Defect<any StorageEffects>

extension StorageDefect {
    /// A storage that is broken before anything is done to it.
    init(
        _ description: String,
        breaks law: String,
        declaring declared: Capabilities? = nil,
        _ change: @escaping @Sendable (inout BrokenStorage) -> Void
    ) {
        self.init(description: description, law: law) { BrokenStorageHarness(declared: declared, change: change) }
    }

    /// A storage that shows that it is broken once it is reopened, crashed, damaged or shared.
    init(_ description: String, breaks law: String, on harness: BrokenDiskHarness) {
        self.init(description: description, law: law) { harness }
    }

    static var all: [StorageDefect] {
        values + revisions + preconditions + keys + listing + concurrency + cancellation + durability + crashes
            + sharing + transactions
    }
}
