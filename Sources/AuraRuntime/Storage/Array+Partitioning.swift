extension Array {
    /// The index of the first element that satisfies `predicate`, given that all elements behind it do too: a binary search.
    ///
    /// - Parameter predicate: Tells the elements behind the place from those before it.
    /// - Returns: The index; `endIndex` where no element satisfies the predicate.
    /// - Complexity: O(log *n*) calls of `predicate`.
    @inlinable
    package func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
