public import AuraEffects
internal import AuraRuntime

/// Storage over a bucket: each key has an object, and what the object holds is the key's value.
///
/// A write is one object with an id of its own in front of the value, so that no revision comes back, also where the service
/// takes revisions from the content. A condition becomes the service's own, judged together with the change. Where the
/// acknowledgement of a write is lost the id is read back: the write has gone through where it is there, and otherwise its
/// outcome is `unknown`.
///
/// Where a service removes objects without a condition only, a removal stores a mark in the object's place, which stays. The
/// objects whose keys begin with the handler's prefix belong to it: nobody else may write them.
public final class ObjectStorageHandler: StorageEffects {
    /// The name in profiles.
    public static let technology = "objects"

    /// The largest value: a value is held in memory as a whole.
    private static let largestValue = ByteCount.mebibytes(64).bytes

    /// How often a value is read that is replaced meanwhile.
    private static let mostAttempts = 100

    /// What the storage gives over its bucket.
    public let capabilities: Capabilities

    private let objects: any ObjectStorageEffects
    private let random: any RandomEffects
    private let coding: ObjectKeyCoding
    private let validation: StorageValidation
    private let listing: ObjectListing
    private let removesConditionally: Bool

    /// Opens the storage; nothing is asked of the bucket yet.
    ///
    /// - Parameters:
    ///   - objects: The bucket.
    ///   - prefix: What the keys of the storage's objects begin with; not empty.
    ///   - random: What the ids of writes are drawn from.
    /// - Throws: ``EffectError`` with `invalidArgument` for a prefix that is empty, leaves no room for a key, or is none that the
    ///   bucket takes.
    public init(
        over objects: any ObjectStorageEffects,
        prefix: String,
        random: any RandomEffects
    ) throws(EffectError) {
        let inner = objects.capabilities
        capabilities = Self.capabilities(prefix: prefix, over: inner)
        validation = StorageValidation(handler: Self.technology, capabilities: capabilities)
        coding = ObjectKeyCoding(prefix: prefix, in: inner)
        listing = ObjectListing(objects, coding: coding, errors: validation.errors)
        removesConditionally = inner.contains(.conditionalRemoval)
        self.objects = objects
        self.random = random
        let problem: String? =
            if prefix.isEmpty {
                "is empty: name the storage's objects."
            } else if capabilities.limit(.keyBytes) == 0 {
                "has \(prefix.utf8.count) bytes and leaves no room for a key: the bucket takes keys of "
                    + "\(inner.limit(.keyBytes)) bytes."
            } else if !inner.contains(.arbitraryKeys), prefix == "." || prefix.utf8.contains(where: { $0.isControl }) {
                "is none that the bucket takes: use letters, digits, hyphens and slashes, such as 'storage/'."
            } else {
                nil
            }
        if let problem { throw validation.errors.error(.invalidArgument, in: "open", "The prefix \(problem)") }
    }

    /// What a storage declares, given what its bucket does.
    public static func capabilities(prefix: String, over objects: Capabilities) -> Capabilities {
        var capabilities = Capabilities(objects.features.intersection([.durable, .multiProcess]))
        capabilities.limits[.keyBytes] = ObjectKeyCoding.keyBytes(prefix: prefix, in: objects)
        let objectBytes = objects.limit(.objectBytes)
        capabilities.limits[.valueBytes] = min(largestValue, max(0, objectBytes - ValueObject.headerByteCount))
        capabilities.limits[.pageElements] = 1000
        return capabilities
    }

    // MARK: StorageEffects

    /// The value in a key's object.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(key, in: "read")
        var attempt = 1
        while true {
            do throws(EffectError) {
                guard let content = try await objects.get(name(of: key)) else { return nil }
                let most = capabilities.limit(.valueBytes) + ValueObject.headerByteCount
                guard content.info.byteCount <= most else { throw damaged(key, in: "read") }
                let bytes = try await content.body.bytes(atMost: most)
                switch ValueObject.decoded(bytes, key: key) {
                case .value(let value):
                    return StoredValue(bytes: value, revision: StorageRevision(content.info.revision))
                case .removed: return nil
                case nil: throw damaged(key, in: "read")
                }
            } catch {
                // The object was replaced while its body was read: read the new one.
                guard error.code == .conflict, attempt < Self.mostAttempts else { throw mapped(error, in: "read") }
                attempt += 1
            }
        }
    }

    /// Stores a value in its key's object.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.errors.checkCancellation(in: "write")
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        var condition: CloudPrecondition
        switch precondition {
        case .none: condition = .none
        // Mostly there is no mark either: it is looked for where there is something.
        case .absent: condition = .absent
        case .matches: condition = try await judged(precondition, on: key, in: "write").condition
        }
        while true {
            if let revision = try await put(.value(bytes), to: key, if: condition, in: "write") {
                return StorageRevision(revision)
            }
            condition = try await judged(precondition, on: key, in: "write").condition
        }
    }

    /// Removes a key's object, or puts a mark in its place.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        while true {
            let stored = try await judged(precondition, on: key, in: "remove")
            guard let revision = stored.value else { return false }
            if !removesConditionally {
                if try await put(.removed, to: key, if: .matches(revision), in: "remove") != nil { return true }
                continue
            }
            do throws(EffectError) {
                try await objects.remove(name(of: key), matching: revision)
                return true
            } catch {
                guard error.code == .preconditionFailed else { throw mapped(error, in: "remove") }
            }
        }
    }

    /// Keys in the order of their bytes, from the bucket's listing.
    ///
    /// Where the bucket's listing is not in order, each page takes a whole one.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try validation.errors.checkCancellation(in: "list")
        let size = try validation.pageSize(for: limit)
        do throws(EffectError) {
            return try await listing.page(prefix: prefix, after: key, size: size)
        } catch {
            throw mapped(error, in: "list")
        }
    }

    /// Is refused: no service changes several objects at once.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        throw validation.errors.error(
            .unsupported,
            in: "transact",
            "The handler does not declare '\(Capability.transactions)': choose one that does, or do without transact."
        )
    }

    // MARK: Objects

    /// What is stored under a key, for a change that goes on from it.
    private struct Judged {
        /// The version of the value's object; `nil` where there is no value.
        var value: CloudRevision?
        /// What the service is to judge with the change.
        var condition: CloudPrecondition
    }

    /// Checks a precondition against what is stored.
    private func judged(
        _ precondition: StoragePrecondition,
        on key: StorageKey,
        in operation: String
    ) async throws(EffectError) -> Judged {
        let info: ObjectInfo?
        do throws(EffectError) {
            info = try await objects.info(name(of: key))
        } catch {
            throw mapped(error, in: operation)
        }
        let value = info.flatMap { $0.byteCount == ValueObject.markByteCount ? nil : $0.revision }
        try validation.check(precondition, on: key, stored: value.map { StorageRevision($0) }, in: operation)
        return Judged(value: value, condition: info.map { .matches($0.revision) } ?? .absent)
    }

    /// Stores an object.
    ///
    /// - Returns: Its version; `nil` where the condition does not hold.
    private func put(
        _ object: ValueObject,
        to key: StorageKey,
        if condition: CloudPrecondition,
        in operation: String
    ) async throws(EffectError) -> CloudRevision? {
        let id = random.bytes(ValueObject.idByteCount)
        let body = ByteStream(object.encoded(id: id, key: key))
        let metadata = ObjectMetadata(contentType: "application/octet-stream")
        do throws(EffectError) {
            return try await objects.put(body, to: name(of: key), metadata: metadata, if: condition)
        } catch {
            if error.code == .preconditionFailed, error.outcome == .notApplied { return nil }
            if error.outcome == .unknown, let revision = await revision(ofWrite: id, to: key) { return revision }
            throw mapped(error, in: operation)
        }
    }

    /// The version that a write has stored whose acknowledgement was lost; `nil` where it is not there, or that is not known.
    private func revision(ofWrite id: [UInt8], to key: StorageKey) async -> CloudRevision? {
        do throws(EffectError) {
            let range = ObjectRange(offset: 0, count: ValueObject.markByteCount)
            guard let content = try await objects.get(name(of: key), range: range) else { return nil }
            let beginning = try await content.body.bytes(atMost: ValueObject.markByteCount)
            return ValueObject.id(in: beginning) == id ? content.info.revision : nil
        } catch {
            return nil
        }
    }

    private func name(of key: StorageKey) -> ObjectKey {
        ObjectKey(coding.outer(key.text))
    }

    private func damaged(_ key: StorageKey, in operation: String) -> EffectError {
        validation.errors.error(
            .corrupted,
            in: operation,
            "The object of \(HandlerErrors.quote(key.text)) is damaged, or none of this storage: restore it, remove it, or give "
                + "the storage a prefix that no other object has."
        )
    }

    private func mapped(_ error: EffectError, in operation: String) -> EffectError {
        if error.effect == validation.errors.effect { return error }
        var mapped = validation.errors.error(
            error.code,
            in: operation,
            error.message,
            cause: error,
            isRetryable: error.isRetryable,
            outcome: error.outcome
        )
        mapped.retryAfter = error.retryAfter
        return mapped
    }
}

extension UInt8 {
    /// Whether the byte is a control character.
    fileprivate var isControl: Bool { self < 0x20 || self == 0x7f }
}
