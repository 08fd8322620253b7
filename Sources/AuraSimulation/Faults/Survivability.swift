internal import AuraRuntime

/// What a ``FaultPlan`` may do to a world that is expected to come through it.
///
/// A plan is survivable where
/// - every fault ends, so that every partition heals and every node comes back;
/// - at no moment more than ``mostDown`` nodes are down: without power, killed or paused;
/// - in the whole plan no more than ``mostDamaged`` nodes have bits flipped on their disks, since that damage stays.
public struct Survivability: Sendable, Hashable {
    /// The most nodes that are down at once.
    public var mostDown: Int
    /// The most nodes whose disks lose what they had promised to keep.
    public var mostDamaged: Int

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - mostDown: The most nodes that are down at once.
    ///   - mostDamaged: The most nodes whose disks lose what they had promised to keep.
    public init(mostDown: Int, mostDamaged: Int) {
        self.mostDown = mostDown
        self.mostDamaged = mostDamaged
    }

    /// At any moment most of the nodes are up, and at most one replica is damaged, where that is a minority too.
    public static func minority(of nodeCount: Int) -> Survivability {
        let minority = max(0, (nodeCount - 1) / 2)
        return Survivability(mostDown: minority, mostDamaged: min(1, minority))
    }
}

extension FaultPlan {
    /// Checks that a world can come through the plan.
    ///
    /// - Parameter survivability: What the plan may do.
    /// - Returns: What it does beyond that, a sentence each; nothing where it is survivable.
    public func check(_ survivability: Survivability) -> [String] {
        var excesses = faults.filter { $0.end == nil }.map { "'\($0)' never ends." }
        let downtimes = faults.filter { $0.fault.kind.isDowntime }
        for fault in downtimes {
            let down = Self.nodesDown(at: fault.begin, downtimes)
            guard down.count > survivability.mostDown else { continue }
            excesses.append(
                "At \(fault.begin.spelled) the nodes \(down.joined(separator: ", ")) are down: at most \(survivability.mostDown) may be."
            )
        }
        let damaged = Set(faults.filter { $0.fault.kind == .bitFlips }.flatMap(\.nodes)).sorted()
        if damaged.count > survivability.mostDamaged {
            excesses.append(
                "Bits flip on the nodes \(damaged.joined(separator: ", ")): they may on at most \(survivability.mostDamaged)."
            )
        }
        return excesses
    }

    /// The nodes that do nothing at a moment.
    static func nodesDown(at moment: Duration, _ faults: [PlannedFault]) -> [String] {
        Set(faults.filter { $0.fault.kind.isDowntime && $0.isActive(at: moment) }.flatMap(\.nodes)).sorted()
    }
}
