internal import AuraEffects
internal import AuraMemory

extension FaultPlan {
    /// Draws a plan from a seed.
    ///
    /// Each plan enables a random subset of the kinds and gives each of them a weight of its own, so that
    /// some plans do one thing over and over and others mix, which finds more than plans that all do a little of everything
    /// (Groce, Zhang, Eide, Chen and Regehr, "Swarm Testing", ISSTA 2012). How often something happens is drawn too.
    /// A node that is down is not taken down once more.
    ///
    /// - Parameters:
    ///   - seed: What the plan follows from, with all other arguments.
    ///   - duration: When all faults are over.
    ///   - nodes: The nodes' names, without spaces, commas and colons.
    ///   - kinds: The kinds to draw from; those that need two nodes are left out where there are fewer.
    ///   - survivability: What the plan does not go beyond; `nil` for no limit.
    /// - Returns: The plan, empty where there is nothing to draw from.
    public static func drawn(
        seed: UInt64,
        over duration: Duration,
        nodes: [String],
        kinds: Set<FaultKind> = .all,
        survivable survivability: Survivability? = nil
    ) -> FaultPlan {
        let nodes = Set(nodes).sorted()
        let possible = kinds.sorted().filter { !nodes.isEmpty && (nodes.count > 1 || $0.family != .network) }
        guard !possible.isEmpty, duration > .zero else { return FaultPlan() }
        var drawing = FaultDrawing(seed: seed, over: duration, nodes: nodes, survivability: survivability)
        return FaultPlan(drawing.faults(of: possible))
    }
}

/// Draws the faults of a plan one after the other.
private struct FaultDrawing {
    private var generator: SplitMix64
    private let duration: Duration
    private let nodes: [String]
    private let survivability: Survivability?
    private var downtimes: [PlannedFault] = []
    private var damaged: Set<String> = []

    init(seed: UInt64, over duration: Duration, nodes: [String], survivability: Survivability?) {
        generator = SplitMix64(state: seed)
        self.duration = duration
        self.nodes = nodes
        self.survivability = survivability
    }

    mutating func faults(of kinds: [FaultKind]) -> [PlannedFault] {
        var enabled = kinds.filter { _ in Bool.random(using: &generator) }
        if enabled.isEmpty { enabled = [pick(kinds)] }
        let weighted = enabled.flatMap { Array(repeating: $0, count: Int.random(in: 1...10, using: &generator)) }
        // From twice a minute to four times an hour, but some also in a short plan and not too many in a long one.
        let gap = Duration.milliseconds(spread(from: 30_000, to: 900_000))
        let count = min(max(Int(duration / gap), Int.random(in: 3...12, using: &generator)), 2000)
        var faults: [PlannedFault] = []
        for _ in 0..<count {
            let fault = draw(pick(weighted))
            guard isAllowed(fault) else { continue }
            if fault.fault.kind.isDowntime { downtimes.append(fault) }
            if fault.fault.kind == .bitFlips { damaged.formUnion(fault.nodes) }
            faults.append(fault)
        }
        return faults
    }

    private mutating func draw(_ kind: FaultKind) -> PlannedFault {
        let fault = fault(kind)
        let begin = Duration.milliseconds(Int64.random(in: 0..<max(1, duration.milliseconds), using: &generator))
        let wanted = kind.happensOnce ? .zero : Duration.milliseconds(length(kind))
        let length = min(wanted, duration - begin)
        guard kind.family == .network else { return PlannedFault(at: begin, for: length, on: [pick(nodes)], fault) }
        // A part of the nodes: at least one, and not all of them.
        let count = Int.random(in: 1..<nodes.count, using: &generator)
        return PlannedFault(at: begin, for: length, on: Array(nodes.shuffled(using: &generator).prefix(count)), fault)
    }

    private mutating func fault(_ kind: FaultKind) -> Fault {
        switch kind {
        case .latency: .latency(.milliseconds(spread(from: 10, to: 5000)))
        case .slowLink: .slowLink(BytesPerSecond(Int(spread(from: 1024, to: 1_048_576))))
        case .disconnect: .disconnect
        case .partition: .partition(.both)
        case .oneWayPartition: .partition(Bool.random(using: &generator) ? .outgoing : .incoming)
        case .bitFlips: .bitFlips(pick([0.001, 0.01, 0.1]))
        case .diskFull: .diskFull
        case .slowDisk: .slowDisk(.milliseconds(spread(from: 1, to: 1000)))
        case .diskErrors: .diskErrors(pick([0.01, 0.1, 0.5, 1]))
        case .tornWrite: .tornWrite
        case .skew: .skew(.milliseconds(spread(from: 10, to: 3_600_000) * sign()))
        case .drift: .drift(Int(spread(from: 10, to: 500) * sign()))
        case .jump: .jump(.milliseconds(spread(from: 100, to: 86_400_000) * sign()))
        case .crash: .crash
        case .kill: .kill
        case .throttling: .throttling(pick([0.05, 0.5, 0.95]))
        case .cloudOutage: .cloudOutage
        case .lostAnswers: .lostAnswers(pick([0.05, 0.2, 0.5]))
        case .redelivery: .redelivery(pick([0.1, 0.5, 1]))
        case .pause: .pause
        }
    }

    /// How long a fault lasts, in milliseconds.
    private mutating func length(_ kind: FaultKind) -> Int64 {
        switch kind {
        case .pause: spread(from: 50, to: 60_000)
        case .crash, .kill, .tornWrite: spread(from: 100, to: 120_000)
        default: spread(from: 500, to: 300_000)
        }
    }

    private func isAllowed(_ fault: PlannedFault) -> Bool {
        if !fault.fault.kind.happensOnce, fault.duration == .zero { return false }
        if fault.fault.kind.isDowntime {
            let others = downtimes.filter { $0.overlaps(fault) }
            guard others.allSatisfy({ Set($0.nodes).isDisjoint(with: fault.nodes) }) else { return false }
            if let survivability {
                // The number of nodes that are down only rises where another goes down.
                let all = others + [fault]
                let mostDown = all.map { FaultPlan.nodesDown(at: $0.begin, all).count }.max() ?? 0
                guard mostDown <= survivability.mostDown else { return false }
            }
        }
        if fault.fault.kind == .bitFlips, let survivability {
            return damaged.union(fault.nodes).count <= survivability.mostDamaged
        }
        return true
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    private mutating func sign() -> Int64 {
        Bool.random(using: &generator) ? 1 : -1
    }

    /// A number of which each order of magnitude is as likely as the others.
    private mutating func spread(from lowest: Int64, to highest: Int64) -> Int64 {
        let doublings = (0...).first { lowest << ($0 + 1) > highest } ?? 0
        let floor = lowest << Int.random(in: 0...doublings, using: &generator)
        return Int64.random(in: floor...min(highest, 2 * floor), using: &generator)
    }
}

extension PlannedFault {
    fileprivate func overlaps(_ other: PlannedFault) -> Bool {
        isActive(at: other.begin) || other.isActive(at: begin)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
