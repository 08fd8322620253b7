internal import AuraEffects
internal import Synchronization

/// The handles of a store's versions, each derived once.
final class KeyHandles: Sendable {
    // By all that a version is: name and number tell those of one store apart, and nothing of another copy is taken for it.
    private let handles = Mutex<[KeyDocument.Version: KeyID]>([:])

    /// The handle of a version, where it was derived.
    subscript(version: KeyDocument.Version) -> KeyID? {
        handles.withLock { $0[version] }
    }

    /// Keeps a handle of a version; returns the one that is used, which another caller may have kept first.
    func keep(_ key: KeyID, of version: KeyDocument.Version) -> KeyID {
        handles.withLock { handles in
            let kept = handles[version] ?? key
            handles[version] = kept
            return kept
        }
    }

    /// Every handle; none is left.
    func takeAll() -> [KeyID] {
        handles.withLock { handles in
            defer { handles = [:] }
            return Array(handles.values)
        }
    }
}
