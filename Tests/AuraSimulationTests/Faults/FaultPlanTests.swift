internal import AuraEffects
internal import AuraSimulation
internal import Testing

@Suite("Fault plans that are drawn")
struct FaultPlanTests {
    private static let nodes = ["a", "b", "c", "d", "e"]

    private func plan(
        _ seed: Int,
        over duration: Duration = .seconds(600),
        kinds: Set<FaultKind> = .all,
        survivable: Survivability? = nil
    ) -> FaultPlan {
        .drawn(seed: UInt64(seed), over: duration, nodes: Self.nodes, kinds: kinds, survivable: survivable)
    }

    @Test("the same seed gives the same plan, and other seeds give others")
    func seeds() {
        let plans = (0..<1000).map { plan($0) }
        #expect(plans == (0..<1000).map { plan($0) })
        #expect(Set(plans).count == 1000)
        #expect(plans.allSatisfy { !$0.faults.isEmpty })
        // The order of the names is of no importance.
        #expect(FaultPlan.drawn(seed: 3, over: .seconds(600), nodes: Self.nodes.reversed()) == plans[3])
    }

    @Test("each kind is absent from many plans and present in many, and often some kind prevails")
    func swarm() {
        let plans = (0..<1000).map { plan($0, over: .seconds(1200)) }
        for kind in Set<FaultKind>.all {
            let present = plans.count { $0.kinds.contains(kind) }
            #expect((300...700).contains(present), "\(kind) is in \(present) of 1000 plans")
        }
        let prevailed = plans.count { plan in
            let counts = Set<FaultKind>.all.map { kind in plan.faults.count { $0.fault.kind == kind } }
            return 4 * (counts.max() ?? 0) > plan.faults.count
        }
        #expect(prevailed > 100, "in \(prevailed) of 1000 plans one kind makes up a quarter")
        let counts = plans.map(\.faults.count)
        #expect((counts.min() ?? 0) * 4 < (counts.max() ?? 0), "all plans have about as many faults")
    }

    @Test("every fault is over by the end, lasts, and concerns nodes of the world")
    func bounds() {
        for seed in 0..<120 {
            let duration = Duration.seconds([1, 60, 3600, seed < 20 ? 3_600_000 : 300][seed % 4])
            let plan = plan(seed, over: duration)
            #expect(plan.faultsStopAt.map { $0 <= duration } == true)
            #expect(plan.faults.count <= 2000)
            let wrong = plan.faults.filter { fault in
                fault.begin < .zero || fault.begin >= duration || fault.nodes.isEmpty || fault.nodes.count > 4
                    || fault.fault.kind.happensOnce != (fault.duration == .zero)
                    || !Set(fault.nodes).isSubset(of: Self.nodes)
                    || fault.fault.kind.family != .network && fault.nodes.count > 1
            }
            #expect(wrong.isEmpty)
        }
    }

    @Test("only the kinds that were asked for are drawn")
    func kinds() {
        for seed in 0..<200 {
            #expect(plan(seed, kinds: [.crash, .partition]).kinds.isSubset(of: [.crash, .partition]))
        }
        #expect(plan(1, kinds: []).faults.isEmpty)
        let alone = (0..<200).map { FaultPlan.drawn(seed: UInt64($0), over: .seconds(600), nodes: ["a"]) }
        #expect(alone.flatMap(\.kinds).allSatisfy { $0.family != .network })
        #expect(FaultPlan.drawn(seed: 1, over: .seconds(600), nodes: []).faults.isEmpty)
    }

    @Test("a node that is down is not taken down once more")
    func downtimes() {
        for seed in 0..<100 {
            let downtimes = plan(seed, over: .seconds(1800), kinds: [.crash, .kill, .pause, .tornWrite]).faults
            for node in Self.nodes {
                let own = downtimes.filter { $0.nodes == [node] }
                let overlap = zip(own, own.dropFirst())
                    .first { earlier, later in earlier.end.map { $0 > later.begin } ?? true }
                #expect(overlap == nil, "\(node) goes down while it is down, with seed \(seed)")
            }
        }
    }

    @Test("survivable plans are survivable, and others often are not")
    func survivability() {
        let limit = Survivability.minority(of: 5)
        #expect(limit == Survivability(mostDown: 2, mostDamaged: 1))
        var isBusy = false
        for seed in 0..<1000 {
            let plan = plan(seed, over: .seconds(900), survivable: limit)
            let down = mostDown(in: plan)
            #expect(plan.check(limit) == [] && down <= 2)
            isBusy = isBusy || down == 2
        }
        #expect(isBusy, "no plan takes two nodes down at once")
        let harsh = (0..<1000).count { !plan($0, over: .seconds(900)).check(limit).isEmpty }
        #expect(harsh > 100, "\(harsh) of 1000 plans without a limit go beyond it")
        let none = Survivability(mostDown: 0, mostDamaged: 0)
        let kinds = Set((0..<200).flatMap { plan($0, survivable: none).kinds })
        #expect(kinds == Set.all.filter { !$0.isDowntime && $0 != .bitFlips })
    }

    /// Counted in another way than the check does: at every other second.
    private func mostDown(in plan: FaultPlan) -> Int {
        let downtimes = plan.faults.filter { $0.fault.kind.isDowntime }
        return (0..<450)
            .map { second in
                let moment = Duration.seconds(2 * second)
                let down = downtimes.filter { $0.begin <= moment && $0.end.map { $0 > moment } ?? true }
                return Set(down.flatMap(\.nodes)).count
            }
            .max() ?? 0
    }

    @Test("what goes beyond a limit is named")
    func excesses() {
        let limit = Survivability(mostDown: 1, mostDamaged: 1)
        func check(_ faults: PlannedFault...) -> [String] { FaultPlan(faults).check(limit) }
        #expect(
            check(
                PlannedFault(at: .seconds(1), for: .seconds(5), on: ["a"], .crash),
                PlannedFault(at: .seconds(6), for: .seconds(5), on: ["b"], .pause),
                PlannedFault(at: .seconds(3), for: .seconds(9), on: ["a"], .partition(.both)),
                PlannedFault(at: .seconds(3), for: .seconds(9), on: ["a"], .bitFlips(0.1))
            ) == []
        )
        #expect(
            check(
                PlannedFault(at: .seconds(1), for: .seconds(5), on: ["a"], .tornWrite),
                PlannedFault(at: .seconds(5), for: .seconds(5), on: ["b"], .kill)
            ) == ["At 5s the nodes a, b are down: at most 1 may be."]
        )
        #expect(
            check(PlannedFault(at: .seconds(3), for: nil, on: ["a"], .partition(.outgoing)))
                == ["'at 3s for ever on a: partition outgoing' never ends."]
        )
        #expect(
            check(
                PlannedFault(at: .seconds(1), for: .seconds(5), on: ["a"], .bitFlips(0.1)),
                PlannedFault(at: .seconds(90), for: .seconds(5), on: ["b"], .bitFlips(0.1))
            ) == ["Bits flip on the nodes a, b: they may on at most 1."]
        )
        #expect(FaultPlan([PlannedFault(at: .zero, for: nil, on: ["a"], .pause)]).faultsStopAt == nil)
        #expect(FaultPlan().faultsStopAt == .zero)
    }
}
