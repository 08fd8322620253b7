internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Seals anew what is sealed under an earlier version of the data key, one value after another, beside the writers.
///
/// The manifest says which values those are and keeps to what version all were brought, so that an interrupted pass goes on
/// where it was. A value is written on condition that it is still the one that was read: no other write is lost.
struct Reencryption: Sendable {
    private static let operation = "reencrypt"
    private static let pageSize = 256
    /// Few enough for any storage underneath, and for writers not to wait long.
    private static let bucketsPerCommit = 16

    let inner: any StorageEffects
    let sealer: Sealer
    let manifest: ManifestStore
    let queue: EncryptedWriter.Queue
    let metrics: QueueMetrics
    let logger: Logger

    /// Makes a pass now and then, until the task is cancelled.
    func run(every interval: Duration, _ time: any TimeEffects) async {
        while !Task.isCancelled {
            do throws(EffectError) {
                _ = try await pass()
            } catch {
                if error.code != .cancelled {
                    logger.warning("Values were not all sealed anew; the next try is soon: \(error)")
                }
            }
            do throws(EffectError) {
                try await time.sleep(for: interval)
            } catch { return }
        }
    }

    /// Brings everything to the current version.
    ///
    /// - Returns: How many values were sealed anew.
    /// - Throws: ``EffectError`` where a value cannot be read or written; what was done stays so.
    func pass() async throws(EffectError) -> Int {
        let current = try await sealer.keys.current(in: Self.operation).version
        let root = try await manifest.root(in: Self.operation)
        guard root.revision != nil, root.contents.oldestVersion < current else { return 0 }
        _ = try await queue.submit(EncryptedChange(operation: Self.operation, targetVersion: current))
        var remaining = try await outdatedCount(before: current)
        if remaining > 0 {
            logger.info("Sealing \(remaining) values anew under version \(current) of the key '\(sealer.keys.name)'.")
        }
        var count = 0
        var failure: EffectError?
        var next: StorageKey? = StorageKey(EncryptedPlaces.values)
        while let after = next, remaining > 0 {
            let page = try await inner.list(prefix: EncryptedPlaces.values, after: after, limit: Self.pageSize)
            for item in page.items {
                let key = EncryptedPlaces.key(item.key)
                do throws(EffectError) {
                    guard try await renew(key, before: current) else { continue }
                    count += 1
                    remaining -= 1
                    metrics.waiting(max(0, remaining))
                } catch {
                    // One damaged value does not keep the others under an old key; where its header is what was altered, it
                    // seems to be of another key or format.
                    guard [.corrupted, .unauthenticated, .unsupported].contains(error.code) else { throw error }
                    failure = error
                }
            }
            next = page.next
        }
        metrics.waiting(0)
        if let failure { throw failure }
        try await renewManifest(before: current)
        // Every value that there is was looked at: what the manifest has beyond them was removed underneath.
        if remaining > 0, try await manifest.root(in: Self.operation).contents.oldestVersion >= current {
            let missing = try await outdatedCount(before: current)
            if missing > 0 {
                logger.warning("\(missing) values were removed from what is underneath: restore them from a backup.")
            }
        }
        if count > 0 {
            logger.info("Sealed \(count) values anew under version \(current) of the key '\(sealer.keys.name)'.")
        }
        return count
    }

    private func outdatedCount(before version: UInt32) async throws(EffectError) -> Int {
        let root = try await manifest.root(in: Self.operation)
        var count = 0
        for (index, stamp) in root.contents.stamps.enumerated() {
            try sealer.errors.checkCancellation(in: Self.operation)
            let bucket = try await manifest.bucket(index, stamp: stamp, in: Self.operation)
            count += bucket?.entries.count { $0.version < version } ?? 0
        }
        return count
    }

    /// Seals one value anew; `false` where it is new enough, is gone, or was written by somebody else meanwhile.
    private func renew(_ key: StorageKey, before version: UInt32) async throws(EffectError) -> Bool {
        try sealer.errors.checkCancellation(in: Self.operation)
        let manifestKey = ManifestKey(key)
        let root = try await manifest.root(in: Self.operation)
        let stamp = root.contents.stamps[manifestKey.bucket]
        let bucket = try await manifest.bucket(manifestKey.bucket, stamp: stamp, in: Self.operation)
        if let bucket, bucket[manifestKey].map({ $0.version >= version }) ?? true { return false }
        let reader = EncryptedReader(inner: inner, sealer: sealer, manifest: manifest)
        guard let value = try await reader.read(key, in: Self.operation) else { return false }
        let record = try await sealer.seal(value.bytes, as: .value(key), in: Self.operation)
        let part = EncryptedChange.Part(key: key, record: record, precondition: .matches(value.revision))
        do throws(EffectError) {
            _ = try await queue.submit(EncryptedChange(operation: Self.operation, parts: [part]))
        } catch {
            guard error.code == .preconditionFailed else { throw error }
            return false
        }
        return true
    }

    /// Seals the buckets anew whose values did not need it, and notes that all is done.
    ///
    /// Buckets go on naming older versions for values that were removed underneath, which nobody can seal anew. A value that is
    /// written under an older version meanwhile takes the target back, and the note then says nothing.
    private func renewManifest(before version: UInt32) async throws(EffectError) {
        let root = try await manifest.root(in: Self.operation)
        var renewed: [Int] = []
        for (index, stamp) in root.contents.stamps.enumerated() where stamp != 0 {
            // One that was replaced meanwhile leaves the rest to the next pass.
            guard let bucket = try await manifest.bucket(index, stamp: stamp, in: Self.operation) else { return }
            if bucket.version < version { renewed.append(index) }
        }
        while !renewed.isEmpty {
            let part = Array(renewed.prefix(Self.bucketsPerCommit))
            renewed.removeFirst(part.count)
            _ = try await queue.submit(EncryptedChange(operation: Self.operation, renewedBuckets: part))
        }
        _ = try await queue.submit(EncryptedChange(operation: Self.operation, reachedVersion: version))
    }
}
