public import AuraEffects
internal import AuraRuntime
internal import Synchronization

extension MemoryObjectStorageHandler {
    /// An address of the scheme `memory:`, which ``fetch(_:)`` and ``store(_:at:)`` of this handler understand.
    public func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        try errors.checkCancellation(in: "presignedURL")
        try validation.check(key, in: "presignedURL")
        try validation.checkPresigning(expiresIn: duration)
        let address = "memory:objects/\(String(random.nextUInt128(), radix: 36))"
        let now = time.now.nanosecondsSinceEpoch
        let expires = WallTime(nanosecondsSinceEpoch: now + duration.nanoseconds)
        contents.withLock { contents in
            contents.grants = contents.grants.filter { $0.value.expires.nanosecondsSinceEpoch > now }
            contents.grants[address] = MemoryObjects.Grant(access: access, key: key, expires: expires)
        }
        return PresignedURL(access: access, url: Secret(address), expires: expires)
    }

    /// Fetches an object by a presigned address, as whoever has it would over HTTP.
    ///
    /// - Parameter url: The address.
    /// - Returns: The object; `nil` where there is none.
    /// - Throws: `permissionDenied` for an address that is none, is for storing, or has expired.
    public func fetch(_ url: Secret<String>) async throws(EffectError) -> ObjectContent? {
        try await get(try key(of: url, for: .get))
    }

    /// Stores an object at a presigned address, as whoever has it would over HTTP.
    ///
    /// - Parameters:
    ///   - body: The object's bytes.
    ///   - url: The address.
    /// - Returns: The object's version.
    /// - Throws: `permissionDenied` for an address that is none, is for fetching, or has expired.
    @discardableResult
    public func store(_ body: ByteStream, at url: Secret<String>) async throws(EffectError) -> CloudRevision {
        try await put(body, to: try key(of: url, for: .put))
    }

    private func key(of url: Secret<String>, for access: PresignedURL.Access) throws(EffectError) -> ObjectKey {
        let grant = url.withExposedValue { url in contents.withLock { $0.grants[url] } }
        guard let grant, grant.access == access,
            time.now.nanosecondsSinceEpoch < grant.expires.nanosecondsSinceEpoch
        else {
            let message = "The address is none for this, or has expired: ask for another one."
            throw errors.error(.permissionDenied, in: "presignedURL", message)
        }
        return grant.key
    }
}
