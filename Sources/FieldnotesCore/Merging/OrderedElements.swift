/// Distinct elements in their order: small, and visited the same way on every device.
package struct OrderedElements<Element: Comparable & Hashable & Sendable>: Hashable, Sendable {
    private(set) package var elements: [Element] = []

    package init() {}

    /// Creates the collection of some elements, in whatever order and however often they come.
    package init(_ elements: some Sequence<Element>) {
        for element in elements { insert(element) }
    }

    package var isEmpty: Bool { elements.isEmpty }

    package func contains(_ element: Element) -> Bool {
        let index = index(of: element)
        return index < elements.count && elements[index] == element
    }

    /// Adds an element.
    ///
    /// - Returns: Whether it is new.
    @discardableResult
    package mutating func insert(_ element: Element) -> Bool {
        let index = index(of: element)
        if index < elements.count, elements[index] == element { return false }
        elements.insert(element, at: index)
        return true
    }

    /// Removes an element.
    ///
    /// - Returns: Whether it was there.
    @discardableResult
    package mutating func remove(_ element: Element) -> Bool {
        let index = index(of: element)
        guard index < elements.count, elements[index] == element else { return false }
        elements.remove(at: index)
        return true
    }

    /// Where the element is, or where it belongs.
    private func index(of element: Element) -> Int {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if elements[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
