internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The listings of a storage over a bucket: by key where the bucket knows pages by tokens only.
final class ObjectListing: Sendable {
    /// Where a listing goes on that ended a page with a key.
    private struct Place: Hashable {
        var prefix: StorageKey
        var after: StorageKey

        init(prefix: String, after key: StorageKey) {
            self.prefix = StorageKey(prefix)
            after = key
        }
    }

    private static let mostPlaces = 64

    private let objects: any ObjectStorageEffects
    private let coding: ObjectKeyCoding
    private let errors: HandlerErrors
    private let isOrdered: Bool
    private let pageElements: Int
    // In the order of their coming, so that those go first that nobody has come back for.
    private let places = Mutex<[(place: Place, token: PageToken)]>([])

    /// Creates the listings.
    ///
    /// - Parameters:
    ///   - objects: The bucket.
    ///   - coding: The names of keys in the bucket.
    ///   - errors: Makes the handler's errors.
    init(_ objects: any ObjectStorageEffects, coding: ObjectKeyCoding, errors: HandlerErrors) {
        self.objects = objects
        self.coding = coding
        self.errors = errors
        isOrdered = objects.capabilities.contains(.orderedListing)
        pageElements = min(1000, objects.capabilities.limit(.pageElements))
    }

    /// A page of the keys that hold a value.
    ///
    /// - Parameters:
    ///   - prefix: What the keys' bytes begin with.
    ///   - key: Only keys that come after this one.
    ///   - size: The most items.
    /// - Returns: The page.
    /// - Throws: ``EffectError`` of the bucket; `corrupted` for an object whose name no key has.
    func page(prefix: String, after key: StorageKey?, size: Int) async throws(EffectError) -> StoragePage {
        guard isOrdered else { return try await sortedPage(prefix: prefix, after: key, size: size) }
        let token = key.flatMap { take(Place(prefix: prefix, after: $0)) }
        guard let token else { return try await page(prefix: prefix, after: key, size: size, from: nil) }
        do throws(EffectError) {
            return try await page(prefix: prefix, after: key, size: size, from: token)
        } catch {
            // The service has forgotten the token: begin anew.
            guard error.code == .invalidArgument else { throw error }
            return try await page(prefix: prefix, after: key, size: size, from: nil)
        }
    }

    /// A page of a bucket that lists in order.
    private func page(
        prefix: String,
        after key: StorageKey?,
        size: Int,
        from first: PageToken?
    ) async throws(EffectError) -> StoragePage {
        var items: [StoragePage.Item] = []
        var token = first
        // The last key before the page at `token`; `nil` where what stands there is no key.
        var lastKey = first == nil ? nil : key
        var isPassed = key == nil || first != nil
        var lookahead = 1
        repeat {
            var wanted = isPassed ? size - items.count : pageElements
            if wanted == 0 {
                // One that is one too many shows that the page is not the last; it may lie behind many marks.
                wanted = lookahead
                lookahead = pageElements
            }
            let found = try await objects.list(
                prefix: coding.outer(prefix),
                after: token,
                limit: min(wanted, pageElements)
            )
            for object in found.items {
                let item = try item(of: object)
                guard let item, key.map({ item.key > $0 }) ?? true else {
                    lastKey = item?.key
                    continue
                }
                if items.count == size {
                    let last = items.last?.key
                    if let last, let token, lastKey == last { keep(token, for: Place(prefix: prefix, after: last)) }
                    return StoragePage(items: items, next: last)
                }
                isPassed = true
                items.append(item)
                lastKey = item.key
            }
            token = found.next
        } while token != nil
        return StoragePage(items: items, next: nil)
    }

    /// A page of a bucket that lists in no order: the first keys of a whole listing.
    private func sortedPage(
        prefix: String,
        after key: StorageKey?,
        size: Int
    ) async throws(EffectError) -> StoragePage {
        var items: [StoragePage.Item] = []
        var token: PageToken?
        repeat {
            let found = try await objects.list(prefix: coding.outer(prefix), after: token, limit: pageElements)
            for object in found.items {
                guard let item = try item(of: object), key.map({ item.key > $0 }) ?? true else { continue }
                items.append(item)
            }
            if items.count > 2 * size { items = Self.first(size + 1, of: items) }
            token = found.next
        } while token != nil
        items = Self.first(size + 1, of: items)
        guard items.count > size else { return StoragePage(items: items, next: nil) }
        items.removeLast()
        return StoragePage(items: items, next: items.last?.key)
    }

    private static func first(_ count: Int, of items: [StoragePage.Item]) -> [StoragePage.Item] {
        Array(items.sorted { $0.key < $1.key }.prefix(count))
    }

    /// The item of an object; `nil` where it is the mark of a removal, or the object of no key.
    private func item(of object: ObjectPage.Item) throws(EffectError) -> StoragePage.Item? {
        if object.byteCount == ValueObject.markByteCount { return nil }
        guard let key = coding.inside(object.key) else {
            throw errors.error(
                .corrupted,
                in: "list",
                "The object \(HandlerErrors.quote(object.key.text)) is none of this storage: remove it, or give the storage a "
                    + "prefix that no other object has."
            )
        }
        // Some tools make an object of the bare prefix to show it as a folder.
        if key.text.isEmpty { return nil }
        return StoragePage.Item(
            key: key,
            revision: StorageRevision(object.revision),
            byteCount: max(0, object.byteCount - ValueObject.headerByteCount)
        )
    }

    // MARK: Places

    private func keep(_ token: PageToken, for place: Place) {
        places.withLock { places in
            places.removeAll { $0.place == place }
            if places.count == Self.mostPlaces { places.removeFirst() }
            places.append((place, token))
        }
    }

    private func take(_ place: Place) -> PageToken? {
        places.withLock { places in
            places.firstIndex { $0.place == place }.map { places.remove(at: $0).token }
        }
    }
}
