public import AuraEffects
internal import AuraRuntime

/// A namespace within another storage: every key is kept there behind a prefix, and nothing outside of it is seen.
///
/// Several namespaces may share one storage as long as no prefix begins with another one. Revisions, values and errors are
/// those of the storage underneath, so a message may name a key together with its prefix.
public final class PrefixingStorageHandler: StorageEffects {
    /// The name in profiles.
    public static let technology = "prefixing"

    /// What the storage underneath declares, with keys shorter by the prefix.
    public let capabilities: Capabilities

    private let prefix: String
    private let inner: any StorageEffects
    private let validation: StorageValidation

    /// Opens a namespace.
    ///
    /// - Parameters:
    ///   - prefix: What the keys begin with in the storage underneath; not empty.
    ///   - inner: The storage underneath.
    /// - Throws: ``EffectError`` with `invalidArgument` for an empty prefix, or one that leaves no room for a key.
    public init(prefix: String, over inner: any StorageEffects) throws(EffectError) {
        capabilities = Self.capabilities(prefix: prefix, over: inner.capabilities)
        validation = StorageValidation(handler: Self.technology, capabilities: capabilities)
        self.prefix = prefix
        self.inner = inner
        guard !prefix.isEmpty, capabilities.limit(.keyBytes) > 0 else {
            let message =
                prefix.isEmpty
                ? "The prefix is empty: name the namespace."
                : "The prefix has \(prefix.utf8.count) bytes and leaves no room for a key: the storage underneath takes "
                    + "keys of \(inner.capabilities.limit(.keyBytes)) bytes."
            throw validation.errors.error(.invalidArgument, in: "open", message)
        }
    }

    /// What a namespace declares, given what the storage underneath does.
    public static func capabilities(prefix: String, over inner: Capabilities) -> Capabilities {
        var capabilities = inner
        if let limit = inner.limits[.keyBytes] { capabilities.limits[.keyBytes] = max(0, limit - prefix.utf8.count) }
        return capabilities
    }

    /// The value under a key of the namespace.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.check(key, in: "read")
        return try await inner.read(outer(key))
    }

    /// Stores a value under a key of the namespace.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.check(key, in: "write")
        return try await inner.write(bytes, to: outer(key), if: precondition)
    }

    /// Removes the value under a key of the namespace.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.check(key, in: "remove")
        return try await inner.remove(outer(key), if: precondition)
    }

    /// The namespace's keys in the order of their bytes, without the prefix.
    public func list(
        prefix: String,
        after key: StorageKey?,
        limit: Int
    ) async throws(EffectError) -> StoragePage {
        // After the bare prefix, which is no key of the namespace: nothing would be left of it.
        let start = outer(key ?? "")
        var page = try await inner.list(prefix: self.prefix + prefix, after: start, limit: limit)
        for index in page.items.indices { page.items[index].key = inside(page.items[index].key) }
        page.next = page.next.map(inside)
        return page
    }

    /// Applies several changes within the namespace all together or not at all.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try validation.errors.require(.transactions, of: capabilities, in: "transact")
        try validation.check(mutations)
        return try await inner.transact(
            mutations.map { mutation in
                var mutation = mutation
                mutation.key = outer(mutation.key)
                return mutation
            }
        )
    }

    /// The key in the storage underneath.
    private func outer(_ key: StorageKey) -> StorageKey {
        StorageKey(prefix + key.text)
    }

    /// The key in the namespace; bytes are dropped, since a mark of the key may combine with the prefix's last letter.
    private func inside(_ key: StorageKey) -> StorageKey {
        StorageKey(String(decoding: key.text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))
    }
}
