package import AuraEffects

/// A value that no write takes away unseen: a write names the ones that it replaces, those that its writer saw, and values
/// that were written without knowing of one another are all kept.
///
/// Every write is known by the id of its entry. A write that replaces another may arrive first; the one that it names
/// is then replaced from the beginning.
///
/// Source: Shapiro et al., INRIA RR-7506, section 3.2.2, with ids in place of version vectors.
package struct MultiValueRegister<Value: Comparable & Hashable & Sendable>: Mergeable {
    /// A value and the id of the entry that wrote it.
    package struct Version: Hashable, Sendable {
        package let id: EntryID
        package var value: Value
    }

    /// The values that were not replaced, in the order of their ids.
    private(set) package var versions: [Version] = []
    /// The ids of replaced values, which stay replaced if they come again.
    private(set) package var replaced = OrderedElements<EntryID>()

    package init() {}

    package func contains(_ id: EntryID) -> Bool {
        versions.contains { $0.id == id }
    }

    /// Takes in a value.
    ///
    /// Of two values under one id the lesser is kept, on every device.
    package mutating func write(_ value: Value, as id: EntryID) {
        guard !replaced.contains(id) else { return }
        let index = versions.firstIndex { $0.id >= id } ?? versions.endIndex
        if index < versions.endIndex, versions[index].id == id {
            versions[index].value = min(versions[index].value, value)
        } else {
            versions.insert(Version(id: id, value: value), at: index)
        }
    }

    /// Takes in that a value was replaced.
    ///
    /// - Returns: Whether it had arrived and held.
    @discardableResult
    package mutating func replace(_ id: EntryID) -> Bool {
        replaced.insert(id)
        guard let index = versions.firstIndex(where: { $0.id == id }) else { return false }
        versions.remove(at: index)
        return true
    }

    package mutating func merge(_ other: Self) {
        for id in other.replaced.elements { replace(id) }
        for version in other.versions { write(version.value, as: version.id) }
    }

    /// Changes a value in place, in what is this device's own and not part of the order.
    package mutating func update(_ id: EntryID, _ change: (inout Value) -> Void) {
        for index in versions.indices where versions[index].id == id { change(&versions[index].value) }
    }

    /// Drops the note that a value was replaced: bounds what is kept.
    ///
    /// It is for a device that takes in each write once, and a value that has arrived. A state that still holds the value would
    /// bring it back if it were merged.
    package mutating func forget(_ id: EntryID) {
        replaced.remove(id)
    }
}
