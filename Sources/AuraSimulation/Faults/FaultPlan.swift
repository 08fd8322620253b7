/// The faults of one run of a world: what goes wrong where, when and for how long.
///
/// A plan is drawn from a seed (``drawn(seed:over:nodes:kinds:survivable:)``), or written by hand, in Swift or as text:
///
/// ```text
/// at 10s for 1m on a,b: partition both
/// at 20s for 5s on c: crash
/// at 90s on a: jump -3s
/// ```
public struct FaultPlan: Sendable, Hashable {
    /// The faults by their beginning; among those that begin at once, by the names of their nodes and by their text.
    public let faults: [PlannedFault]

    /// Creates a plan; a fault that is given twice is one.
    public init(_ faults: [PlannedFault] = []) {
        self.init(sorted: Set(faults).sorted { $0.isBefore($1) })
    }

    /// Creates a plan from faults that are sorted already and differ from each other.
    init(sorted faults: [PlannedFault]) {
        self.faults = faults
    }

    /// When the last fault is over; `nil` where one never is.
    public var faultsStopAt: Duration? {
        let ends = faults.compactMap(\.end)
        return ends.count == faults.count ? ends.max() ?? .zero : nil
    }

    /// The kinds of its faults.
    public var kinds: Set<FaultKind> {
        Set(faults.map(\.fault.kind))
    }
}

extension PlannedFault {
    fileprivate func isBefore(_ other: PlannedFault) -> Bool {
        if begin != other.begin { return begin < other.begin }
        if nodes != other.nodes { return nodes.lexicographicallyPrecedes(other.nodes) }
        return description < other.description
    }
}
