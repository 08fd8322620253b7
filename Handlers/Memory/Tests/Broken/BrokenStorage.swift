internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Synchronization

/// A memory storage of which some operations are replaced by broken ones.
struct BrokenStorage: StorageEffects {
    typealias Write = @Sendable ([UInt8], StorageKey, StoragePrecondition) async throws(EffectError) -> StorageRevision

    let base = MemoryStorageHandler()
    var capabilities = MemoryStorageHandler.capabilities
    var key: @Sendable (StorageKey) -> StorageKey = { $0 }
    var revision: @Sendable (StorageRevision) -> StorageRevision = { $0 }
    var page: @Sendable (StoragePage) -> StoragePage = { $0 }
    var write: Write?
    var transact: (@Sendable ([StorageMutation]) async throws(EffectError) -> [StorageRevision?])?

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        guard var value = try await base.read(self.key(key)) else { return nil }
        value.revision = revision(value.revision)
        return value
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        if let write { return try await write(bytes, key, precondition) }
        return revision(try await base.write(bytes, to: self.key(key), if: precondition))
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try await base.remove(self.key(key), if: precondition)
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        page(try await base.list(prefix: prefix, after: key, limit: limit))
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        if let transact { return try await transact(mutations) }
        return try await base.transact(mutations)
    }
}

/// A way to break a storage, and the law that must find it.
struct StorageDefect: Sendable, CustomStringConvertible {
    let description: String
    let law: String
    let make: @Sendable () -> BrokenStorage

    static let all: [StorageDefect] = [
        StorageDefect(description: "an overwrite is lost", law: "an overwrite replaces the value and its revision") {
            var storage = BrokenStorage()
            storage.write = { [base = storage.base] bytes, key, precondition throws(EffectError) in
                let isNew = try await base.read(key) == nil
                return try await base.write(bytes, to: isNew ? key : "elsewhere", if: isNew ? precondition : .none)
            }
            return storage
        },
        StorageDefect(
            description: "revisions come back",
            law: "a revision never comes back, whatever is overwritten, removed or written again"
        ) {
            var storage = BrokenStorage()
            storage.revision = { StorageRevision(rawValue: $0.rawValue % 16) }
            return storage
        },
        StorageDefect(
            description: "a listing is in another order",
            law: "a listing is in the order of the keys' bytes, with revisions and sizes"
        ) {
            var storage = BrokenStorage()
            storage.page = { page in
                // The order of letters instead of bytes.
                StoragePage(items: page.items.sorted { $0.key.text < $1.key.text }, next: page.next)
            }
            return storage
        },
        StorageDefect(
            description: "a listing ends too early",
            law: "a page has at most as many items as its limit, and the last has no next"
        ) {
            var storage = BrokenStorage()
            storage.page = { page in
                StoragePage(items: page.items, next: page.items.count < 7 ? page.next : nil)
            }
            return storage
        },
        StorageDefect(
            description: "preconditions are ignored",
            law: "a write changes nothing where its precondition does not hold"
        ) {
            var storage = BrokenStorage()
            storage.write = { [base = storage.base] bytes, key, _ throws(EffectError) in
                try await base.write(bytes, to: key)
            }
            return storage
        },
        StorageDefect(
            description: "a precondition is looked at before the write and not with it",
            law: "sixteen tasks that count by compare-and-swap lose nothing"
        ) {
            var storage = BrokenStorage()
            storage.write = { [base = storage.base] bytes, key, precondition throws(EffectError) in
                if case .matches(let revision) = precondition, try await base.read(key)?.revision != revision {
                    throw EffectError(.preconditionFailed, "Another revision is stored.")
                }
                await Task.yield()
                return try await base.write(bytes, to: key)
            }
            return storage
        },
        StorageDefect(
            description: "look-alike keys are one",
            law: "any text is a key, and look-alikes are different keys"
        ) {
            var storage = BrokenStorage()
            let canonical = CanonicalKeys()
            storage.key = { canonical.key($0) }
            return storage
        },
        StorageDefect(
            description: "a transaction applies its changes one by one",
            law: "a transaction changes nothing where one precondition does not hold"
        ) {
            var storage = BrokenStorage()
            storage.transact = { [base = storage.base] mutations throws(EffectError) in
                var revisions: [StorageRevision?] = []
                for mutation in mutations { revisions += try await base.transact([mutation]) }
                return revisions
            }
            return storage
        },
        StorageDefect(
            description: "a transaction is carried out without being declared",
            law: "transactions that are not declared are refused as unsupported"
        ) {
            var storage = BrokenStorage()
            storage.capabilities.features = []
            return storage
        },
        StorageDefect(
            description: "cancellation is overlooked",
            law: "a call of a cancelled task is cancelled and changes nothing"
        ) {
            var storage = BrokenStorage()
            storage.write = { [base = storage.base] bytes, key, precondition throws(EffectError) in
                // A task of its own is not cancelled with the one that waits for it.
                let task = Task { () async -> Result<StorageRevision, EffectError> in
                    do throws(EffectError) {
                        return .success(try await base.write(bytes, to: key, if: precondition))
                    } catch {
                        return .failure(error)
                    }
                }
                return try await task.value.get()
            }
            return storage
        },
        StorageDefect(
            description: "an error quotes the value",
            law: "an error prints no value and says where it comes from"
        ) {
            var storage = BrokenStorage()
            storage.write = { [base = storage.base] bytes, key, precondition throws(EffectError) in
                do throws(EffectError) {
                    return try await base.write(bytes, to: key, if: precondition)
                } catch {
                    var error = error
                    error.message += " The value is \(bytes)."
                    throw error
                }
            }
            return storage
        },
    ]
}

/// Takes texts that look alike for the same key, as a file system may.
private final class CanonicalKeys: Sendable {
    private let first = Mutex<[String: StorageKey]>([:])

    func key(_ key: StorageKey) -> StorageKey {
        first.withLock { first in
            if let known = first[key.text] { return known }
            first[key.text] = key
            return key
        }
    }
}

struct BrokenStorageHarness: StorageHarness {
    let defect: StorageDefect

    var capabilities: Capabilities { defect.make().capabilities }

    func make() async throws -> any StorageEffects { defect.make() }

    func finish() async {}
}
