internal import AuraEffects
internal import AuraSimulation
internal import Foundation
internal import Testing

@Suite("Fault plans as text")
struct FaultTextTests {
    private static let everyFault: [Fault] = [
        .latency(.milliseconds(250)), .slowLink(BytesPerSecond(4096)), .disconnect, .partition(.both),
        .partition(.outgoing), .partition(.incoming), .bitFlips(0.001), .diskFull, .slowDisk(.microseconds(1500)),
        .diskErrors(1), .tornWrite, .skew(.seconds(-3)), .drift(-120), .jump(.seconds(90)), .crash, .kill, .pause,
        .throttling(0.5), .cloudOutage, .lostAnswers(0.25), .redelivery(1),
    ]

    @Test("a plan is written and read as lines")
    func lines() throws {
        let text = """
            # Two nodes on their own, and one of them crashes.
            at 10s for 1m on b, a: partition both

            at 20s for 1500ms on c: crash   # with what it has not synced
            at 90s on a: jump -3s
            at 2m for ever on a: disk-errors 0.25
            """
        let plan = try FaultPlan(parsing: text)
        #expect(
            plan
                == FaultPlan([
                    PlannedFault(at: .seconds(20), for: .milliseconds(1500), on: ["c"], .crash),
                    PlannedFault(at: .seconds(10), for: .seconds(60), on: ["a", "b"], .partition(.both)),
                    PlannedFault(at: .seconds(90), on: ["a"], .jump(.seconds(-3))),
                    PlannedFault(at: .seconds(120), for: nil, on: ["a"], .diskErrors(0.25)),
                ])
        )
        #expect(
            plan.description == """
                at 10s for 1m on a,b: partition both
                at 20s for 1500ms on c: crash
                at 90s on a: jump -3s
                at 2m for ever on a: disk-errors 0.25
                """
        )
    }

    @Test("every kind of fault comes back from text and from JSON as it was")
    func roundTrips() throws {
        let faults = Self.everyFault.enumerated()
            .map { PlannedFault(at: .milliseconds(17 * $0.offset), for: .seconds(3), on: ["n1", "n-2"], $0.element) }
        let plan = FaultPlan(faults)
        #expect(plan.kinds == Set(FaultKind.allCases))
        #expect(try FaultPlan(parsing: plan.description) == plan)
        let json = try JSONEncoder().encode(plan)
        #expect(try JSONDecoder().decode(FaultPlan.self, from: json) == plan)
        #expect(try JSONDecoder().decode([String].self, from: json) == plan.faults.map(\.description))
        for seed in 0..<50 as Range<UInt64> {
            let drawn = FaultPlan.drawn(seed: seed, over: .seconds(7200), nodes: ["a", "b", "c"])
            #expect(try FaultPlan(parsing: drawn.description) == drawn)
        }
    }

    @Test(
        "what is no plan is refused, and the error says where and what to write",
        arguments: [
            ("at 10s for 1m on a partition both", "Line 2: A ':' is missing"),
            ("for 1m on a: crash", "Line 2: The beginning is missing"),
            ("at 10 for 1m on a: crash", "Line 2: The beginning is missing"),
            ("at 10s on a: crash", "Line 2: It is not said how long it lasts"),
            ("at 10s for a while on a: crash", "Line 2: It is not said how long it lasts"),
            ("at 10s for 1m on a: jump 3s", "Line 2: 'jump' happens once"),
            ("at 10s for 1m: crash", "Line 2: The nodes are missing"),
            ("at 10s for 1m a: crash", "Line 2: The nodes are missing"),
            ("at 10s for 1m on a: crush", "Line 2: 'crush' is no fault: write 'disconnect'"),
            ("at 10s for 1m on a: crash 3", "Line 2: 'crash 3' is no fault"),
            ("at 10s for 1m on a: latency", "Line 2: 'latency' is no fault"),
            ("at 10s for 1m on a: slow-link 0B/s", "Line 2: 'slow-link 0B/s' is no fault"),
            ("at 10s for 1m on a: disk-errors 1.5", "Line 2: 'disk-errors 1.5' is no fault"),
            ("at 10s for 1m on a: drift -1000000ppm", "Line 2: 'drift -1000000ppm' is no fault"),
            ("at 10s for 1m on a: partition sideways", "Line 2: 'partition sideways' is no fault"),
        ]
    )
    func refusals(_ line: String, _ message: String) throws {
        let error = #expect(throws: FaultTextError.self) { try FaultPlan(parsing: "# A plan\n\(line)\n") }
        #expect(error?.description.hasPrefix(message) == true, "\(error.debugDescription)")
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(FaultPlan.self, from: JSONEncoder().encode([line]))
        }
    }

    @Test("kinds are read from what a command line says")
    func kinds() throws {
        #expect(try Set(parsing: "all") == Set<FaultKind>.all)
        #expect(try Set(parsing: "none") == Set<FaultKind>())
        #expect(
            try Set(parsing: "network, crash") == [
                .latency, .slowLink, .disconnect, .partition, .oneWayPartition, .crash,
            ]
        )
        #expect(try Set(parsing: "disk,clock,process,network") == Set<FaultKind>.all)
        #expect(try Set(parsing: "one-way-partition") == [.oneWayPartition])
        let error = #expect(throws: FaultTextError.self) { try Set<FaultKind>(parsing: "network,dsk") }
        #expect(
            error?.description.hasPrefix("'dsk' is no kind of fault: write one of all, none, network, disk") == true
        )
        #expect(throws: FaultTextError.self) { try Set<FaultKind>(parsing: "") }
    }
}
