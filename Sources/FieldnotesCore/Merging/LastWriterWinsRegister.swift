/// A field that devices write without asking one another: the write with the highest stamp holds.
///
/// A concurrent write with a lower stamp is not shown any more, so it is for fields where that is harmless, such as a
/// title. A text is a ``MultiValueRegister``.
///
/// Source: Shapiro et al., INRIA RR-7506, section 3.2.1.
package struct LastWriterWinsRegister<Value: Comparable & Hashable & Sendable>: Mergeable {
    /// A write of a value.
    package struct Write: Comparable, Hashable, Sendable {
        package let stamp: Stamp
        package let value: Value

        /// Equal stamps are decided by the value, so that any two writes have an order.
        package static func < (left: Write, right: Write) -> Bool {
            (left.stamp, left.value) < (right.stamp, right.value)
        }
    }

    /// The write that holds; `nil` before any.
    private(set) package var write: Write?

    package init() {}

    /// The value that holds; `nil` before any write.
    package var value: Value? { write?.value }

    /// Takes in a write, of this device or another.
    package mutating func set(_ value: Value, at stamp: Stamp) {
        let new = Write(stamp: stamp, value: value)
        write = max(write ?? new, new)
    }

    package mutating func merge(_ other: Self) {
        if let write = other.write { set(write.value, at: write.stamp) }
    }
}
