internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Reads the manifest and remembers what it was at last.
final class ManifestStore: Sendable {
    /// The root as it is stored.
    struct Root: Sendable {
        var contents: ManifestRoot
        /// Its revision in the storage underneath; `nil` where none was ever written.
        var revision: StorageRevision?
    }

    private struct State {
        var root: Root?
        /// The latest commit that anybody is known to have made.
        var latestCommit: UInt64 = 0
        var buckets: [Int: (stamp: UInt64, bucket: ManifestBucket)] = [:]
        var byteCount = 0
    }

    private let inner: any StorageEffects
    private let sealer: Sealer
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - inner: The storage underneath.
    ///   - sealer: Opens its records.
    ///   - capacity: The most bytes of buckets to remember.
    init(_ inner: any StorageEffects, _ sealer: Sealer, capacity: Int) {
        self.inner = inner
        self.sealer = sealer
        self.capacity = capacity
    }

    /// The root as it was at last, without asking the storage underneath; `nil` where that is not known.
    var lastKnownRoot: Root? { state.withLock { $0.root } }

    /// The root as it is stored now.
    ///
    /// - Parameter operation: The operation's name, for errors.
    /// - Returns: The root; an empty one where nothing was ever stored.
    /// - Throws: ``EffectError`` with `corrupted` where it was altered, removed or put back to an earlier one.
    func root(in operation: String) async throws(EffectError) -> Root {
        let latestCommit = state.withLock { $0.latestCommit }
        guard let stored = try await inner.read(EncryptedPlaces.root) else {
            guard latestCommit == 0 else {
                throw sealer.corrupted(.manifestRoot, "was removed while it was in use", in: operation)
            }
            return Root(contents: ManifestRoot(), revision: nil)
        }
        if let known = lastKnownRoot, known.revision == stored.revision { return known }
        let plaintext = try await sealer.open(stored.bytes, as: .manifestRoot, in: operation)
        guard let contents = ManifestRoot(plaintext) else {
            throw sealer.corrupted(.manifestRoot, "has another size", in: operation)
        }
        guard contents.commit >= latestCommit else {
            throw sealer.corrupted(.manifestRoot, "was put back to an earlier one while it was in use", in: operation)
        }
        let root = Root(contents: contents, revision: stored.revision)
        remember(root)
        return root
    }

    /// The bucket of a stamp.
    ///
    /// - Parameters:
    ///   - index: Which bucket.
    ///   - stamp: Its stamp, from the root.
    ///   - operation: The operation's name, for errors.
    /// - Returns: The bucket; `nil` where what is stored now is not the one of that stamp.
    /// - Throws: ``EffectError`` with `corrupted` for a bucket of that stamp that was altered.
    func bucket(_ index: Int, stamp: UInt64, in operation: String) async throws(EffectError) -> ManifestBucket? {
        if stamp == 0 { return ManifestBucket() }
        if let known = state.withLock({ $0.buckets[index] }), known.stamp == stamp { return known.bucket }
        guard let stored = try await inner.read(EncryptedPlaces.bucket(index)) else { return nil }
        guard let header = try? SealedHeader(of: stored.bytes), header.stamp == stamp else { return nil }
        let subject = SealedSubject.manifestBucket(index)
        let plaintext = try await sealer.open(stored.bytes, as: subject, in: operation)
        guard let bucket = ManifestBucket(plaintext, version: header.version) else {
            throw sealer.corrupted(subject, "has another size", in: operation)
        }
        remember([(index, stamp, bucket)])
        return bucket
    }

    /// Takes in a root that was read or written.
    func remember(_ root: Root) {
        state.withLock { state in
            // A slow reader may come with an older one than others have seen meanwhile.
            guard root.contents.commit >= state.latestCommit else { return }
            state.latestCommit = root.contents.commit
            state.root = root
        }
    }

    /// Takes in buckets that were read or written.
    func remember(_ buckets: [(index: Int, stamp: UInt64, bucket: ManifestBucket)]) {
        state.withLock { state in
            for (index, stamp, bucket) in buckets {
                state.byteCount += bucket.byteCount - (state.buckets[index]?.bucket.byteCount ?? 0)
                state.buckets[index] = (stamp, bucket)
                while state.byteCount > capacity, state.buckets.count > 1,
                    let other = state.buckets.keys.first(where: { $0 != index })
                {
                    state.byteCount -= state.buckets.removeValue(forKey: other)?.bucket.byteCount ?? 0
                }
            }
        }
    }

    /// Forgets the root, where what is stored may have become another one.
    func forgetRoot() {
        state.withLock { $0.root = nil }
    }
}
