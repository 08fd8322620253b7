internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Synchronization

/// A memory storage with a flaw that only certain sequences show.
final class FlawedStorage: StorageEffects {
    enum Flaw: Sendable, CaseIterable {
        /// A removal takes the keys along that begin with the removed one.
        case removesByPrefix
        /// Any revision matches, where there is a value.
        case matchesAnything
        /// Each key counts revisions for itself.
        case countsPerKey
        /// A listing begins with the key that it should come after.
        case listsFromKey
        /// What a transaction wrote is gone after a reopening.
        case forgetsTransactions
        /// Keys are cut at a NUL.
        case cutsAtNUL
    }

    private let base = MemoryStorageHandler()
    private let flaw: Flaw
    private let counts = Mutex<[StorageKey: UInt64]>([:])
    private let unsaved = Mutex<Set<StorageKey>>([])

    init(_ flaw: Flaw) {
        self.flaw = flaw
    }

    var capabilities: Capabilities { MemoryStorageHandler.capabilities }

    func forgetUnsaved() async throws(EffectError) {
        for key in unsaved.withLock({ $0 }) { try await base.remove(key) }
    }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        guard var value = try await base.read(stored(key)) else { return nil }
        if flaw == .countsPerKey { value.revision = StorageRevision(rawValue: counts.withLock { $0[key] ?? 0 }) }
        return value
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        var precondition = precondition
        if flaw == .matchesAnything, case .matches = precondition, let value = try await base.read(key) {
            precondition = .matches(value.revision)
        }
        let revision = try await base.write(bytes, to: stored(key), if: precondition)
        _ = unsaved.withLock { $0.remove(key) }
        let count = counts.withLock { counts in
            counts[key, default: 0] += 1
            return counts[key, default: 0]
        }
        return flaw == .countsPerKey ? StorageRevision(rawValue: count) : revision
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        let existed = try await base.remove(stored(key), if: precondition)
        if flaw == .removesByPrefix {
            for item in try await base.list(prefix: key.text, after: nil, limit: 1000).items {
                try await base.remove(item.key)
            }
        }
        return existed
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        var page = try await base.list(prefix: prefix, after: key, limit: limit)
        if flaw == .listsFromKey, let key, let value = try await base.read(key), page.items.count < limit {
            page.items.insert(.init(key: key, revision: value.revision, byteCount: value.bytes.count), at: 0)
        }
        return page
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        let revisions = try await base.transact(mutations)
        if flaw == .forgetsTransactions { unsaved.withLock { $0.formUnion(mutations.map(\.key)) } }
        return revisions
    }

    private func stored(_ key: StorageKey) -> StorageKey {
        guard flaw == .cutsAtNUL, let end = key.text.unicodeScalars.firstIndex(of: "\0") else { return key }
        let cut = StorageKey(String(key.text[..<end]))
        return cut.text.isEmpty ? key : cut
    }
}

struct FlawedStorageHarness: StorageHarness, ReopeningHarness {
    let flaw: FlawedStorage.Flaw

    var capabilities: Capabilities { MemoryStorageHandler.capabilities }

    func make() async throws -> any StorageEffects { FlawedStorage(flaw) }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await (handler as? FlawedStorage)?.forgetUnsaved()
        return handler
    }

    func finish() async {}
}
