package import AuraEffects

/// A set that devices change without asking one another: a removal takes away the additions that its writer has seen,
/// so an element that another device adds meanwhile stays.
///
/// Every addition has a dot: the element with the id of the entry that adds it. A removal names dots. It may arrive before
/// an addition that it names, which is then without effect.
///
/// Source: Shapiro et al., INRIA RR-7506, section 3.3.5.
package struct ObservedRemoveSet<Element: Comparable & Hashable & Sendable>: Mergeable {
    /// An addition of an element.
    package struct Dot: Comparable, Hashable, Sendable {
        package let element: Element
        package let id: EntryID

        package static func < (left: Dot, right: Dot) -> Bool {
            (left.element, left.id) < (right.element, right.id)
        }
    }

    /// The additions that were not removed.
    private(set) package var added = OrderedElements<Dot>()
    /// The removed dots, which stay without effect if they come again.
    private(set) package var removed = OrderedElements<Dot>()

    package init() {}

    /// The elements in their order.
    package var elements: [Element] {
        var elements: [Element] = []
        for dot in added.elements where elements.last != dot.element { elements.append(dot.element) }
        return elements
    }

    package func contains(_ element: Element) -> Bool {
        added.elements.contains { $0.element == element }
    }

    /// What a removal of the element names here: every addition of it that this device has seen.
    package func dots(of element: Element) -> [Dot] {
        added.elements.filter { $0.element == element }
    }

    /// Takes in an addition.
    package mutating func add(_ dot: Dot) {
        if !removed.contains(dot) { added.insert(dot) }
    }

    /// Takes in a removal of a dot.
    ///
    /// - Returns: Whether its addition had arrived and held.
    @discardableResult
    package mutating func remove(_ dot: Dot) -> Bool {
        removed.insert(dot)
        return added.remove(dot)
    }

    package mutating func merge(_ other: Self) {
        for dot in other.removed.elements { remove(dot) }
        for dot in other.added.elements { add(dot) }
    }

    /// Drops the note of a removal: bounds what is kept.
    ///
    /// It is for a device that takes in each addition and removal once, and a dot whose addition has arrived. A state that still
    /// holds the addition would bring it back if it were merged.
    package mutating func forget(_ dot: Dot) {
        removed.remove(dot)
    }
}
