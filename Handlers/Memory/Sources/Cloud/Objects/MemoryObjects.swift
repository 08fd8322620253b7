internal import AuraEffects
internal import AuraRuntime

/// The objects and uploads of a memory bucket.
struct MemoryObjects: Sendable {
    struct Object: Sendable {
        var bytes: [UInt8]
        var info: ObjectInfo
    }

    struct Upload: Sendable {
        struct Part: Sendable {
            var bytes: [UInt8]
            var tag: String
        }

        var description: ObjectUpload
        var parts: [Int: Part] = [:]
    }

    struct Grant: Sendable {
        var access: PresignedURL.Access
        var key: ObjectKey
        var expires: WallTime
    }

    private(set) var objects = SortedValues<ObjectKey, Object>()
    var uploads: [String: Upload] = [:]
    var grants: [String: Grant] = [:]

    // One counter for everything: a revision never comes back, not even for a key that was removed.
    private var lastNumber: UInt64 = 0

    /// A name that was not used before.
    mutating func nextName() -> String {
        lastNumber += 1
        return String(lastNumber)
    }

    mutating func store(
        _ bytes: [UInt8],
        under key: ObjectKey,
        _ metadata: ObjectMetadata,
        at time: WallTime
    ) -> CloudRevision {
        let revision = CloudRevision(rawValue: nextName())
        let info = ObjectInfo(
            key: key,
            revision: revision,
            byteCount: bytes.count,
            metadata: metadata,
            modified: time
        )
        objects[key] = Object(bytes: bytes, info: info)
        return revision
    }

    mutating func remove(_ key: ObjectKey) {
        objects[key] = nil
    }

    func page(prefix: String, after key: ObjectKey?, size: Int) -> ObjectPage {
        let start = ObjectKey(prefix)
        var index = objects.keys.partitioningIndex(where: { candidate in
            candidate >= start && key.map { candidate > $0 } ?? true
        })
        var items: [ObjectPage.Item] = []
        while index < objects.keys.count, objects.keys[index].hasPrefix(prefix) {
            if items.count == size {
                return ObjectPage(items: items, next: items.last.map { PageToken(rawValue: $0.key.text) })
            }
            if let info = objects[objects.keys[index]]?.info {
                items.append(
                    ObjectPage.Item(
                        key: info.key,
                        revision: info.revision,
                        byteCount: info.byteCount,
                        modified: info.modified
                    )
                )
            }
            index += 1
        }
        return ObjectPage(items: items, next: nil)
    }
}
