internal import AuraEffects

/// A cache and what is under way beside it: a value that may be out of date by the time it arrives is not kept.
///
/// While a key is being changed nothing is cached under it, since nobody knows yet whether the storage holds the old value
/// or the new one.
struct CoherentCache {
    /// What was so when an operation on a key began.
    struct Ticket {
        fileprivate var version: UInt64
        fileprivate var isAlone: Bool
    }

    /// The operations under way on a key.
    private struct Traffic {
        var operations = 0
        var changes = 0
        /// Counts the changes that began.
        var version: UInt64 = 0
    }

    enum LookUp {
        case hit(StoredValue)
        case miss(Ticket)
    }

    private var cache: BoundedCache
    private var traffic: [StorageKey: Traffic] = [:]

    init(capacity: Int) {
        cache = BoundedCache(capacity: capacity)
    }

    /// Looks a key up; after a miss a read begins that ``endRead(of:_:found:)`` must end.
    mutating func lookUp(_ key: StorageKey) -> LookUp {
        if let value = cache.value(key) { return .hit(value) }
        return .miss(beginRead(of: key))
    }

    /// Drops what was found out of date and begins a read.
    mutating func beginRead(of key: StorageKey) -> Ticket {
        cache.remove(key)
        traffic[key, default: Traffic()].operations += 1
        let now = traffic[key, default: Traffic()]
        return Ticket(version: now.version, isAlone: now.changes == 0)
    }

    /// Ends a read; what it found is kept unless the key was being changed meanwhile.
    mutating func endRead(of key: StorageKey, _ ticket: Ticket, found value: StoredValue?) {
        let isUnchanged = traffic[key]?.version == ticket.version
        if let value, ticket.isAlone, isUnchanged { cache.insert(value, under: key) }
        leave(key)
    }

    /// Drops a key's value and begins a change that ``endChange(of:_:to:)`` must end.
    mutating func beginChange(of key: StorageKey) -> Ticket {
        cache.remove(key)
        var now = traffic[key] ?? Traffic()
        now.operations += 1
        now.changes += 1
        now.version += 1
        traffic[key] = now
        return Ticket(version: now.version, isAlone: now.changes == 1)
    }

    /// Ends a change; the new value is kept unless others changed the key meanwhile.
    mutating func endChange(of key: StorageKey, _ ticket: Ticket, to value: StoredValue?) {
        traffic[key]?.changes -= 1
        let isUnchanged = traffic[key]?.version == ticket.version
        if let value, ticket.isAlone, isUnchanged { cache.insert(value, under: key) }
        leave(key)
    }

    private mutating func leave(_ key: StorageKey) {
        traffic[key]?.operations -= 1
        if traffic[key]?.operations == 0 { traffic[key] = nil }
    }
}
