internal import AuraEffects

/// Values in memory up to a number of bytes: the ones that were used longest ago make room.
///
/// Every operation takes constant time.
struct BoundedCache {
    private struct Node {
        var key: StorageKey
        var value: StoredValue
        var newer: Int
        var older: Int
    }

    /// What an entry takes besides its key and bytes, about.
    private static let bytesPerEntry = 160
    private static let none = -1

    let capacity: Int
    private(set) var byteCount = 0
    private var places: [StorageKey: Int] = [:]
    private var nodes: [Node] = []
    private var freeNodes: [Int] = []
    private var newest = none
    private var oldest = none

    /// - Parameter capacity: The most bytes of keys, values and what keeps them.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The value under a key, which counts as used now.
    mutating func value(_ key: StorageKey) -> StoredValue? {
        guard let index = places[key] else { return nil }
        if index != newest {
            unlink(index)
            linkAsNewest(index)
        }
        return nodes[index].value
    }

    /// Keeps a value, unless it is larger than the whole cache.
    mutating func insert(_ value: StoredValue, under key: StorageKey) {
        remove(key)
        let cost = Self.cost(key, value)
        guard cost <= capacity else { return }
        while byteCount + cost > capacity { remove(nodes[oldest].key) }
        let node = Node(key: key, value: value, newer: Self.none, older: Self.none)
        let index: Int
        if let free = freeNodes.popLast() {
            index = free
            nodes[index] = node
        } else {
            index = nodes.count
            nodes.append(node)
        }
        places[key] = index
        byteCount += cost
        linkAsNewest(index)
    }

    /// Forgets a key.
    mutating func remove(_ key: StorageKey) {
        guard let index = places.removeValue(forKey: key) else { return }
        byteCount -= Self.cost(key, nodes[index].value)
        unlink(index)
        nodes[index].key = ""
        nodes[index].value.bytes = []
        freeNodes.append(index)
    }

    private static func cost(_ key: StorageKey, _ value: StoredValue) -> Int {
        bytesPerEntry + key.text.utf8.count + value.bytes.count
    }

    private mutating func linkAsNewest(_ index: Int) {
        nodes[index].older = newest
        nodes[index].newer = Self.none
        if newest != Self.none { nodes[newest].newer = index }
        newest = index
        if oldest == Self.none { oldest = index }
    }

    private mutating func unlink(_ index: Int) {
        let (newer, older) = (nodes[index].newer, nodes[index].older)
        if newer == Self.none { newest = older } else { nodes[newer].older = older }
        if older == Self.none { oldest = newer } else { nodes[older].newer = newer }
    }
}
