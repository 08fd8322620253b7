internal import Testing

@testable internal import AuraSystem

@Suite("The selection of time servers")
struct NTPSelectionTests {
    private func candidate(_ server: Int, _ offset: Int64, _ distance: Int64, stratum: UInt8 = 2) -> NTPCandidate {
        NTPCandidate(server: server, offset: offset, distance: distance, jitter: 1, stratum: stratum)
    }

    @Test("of three servers the one that is elsewhere is the falseticker")
    func liar() throws {
        let selection = NTPSelection(
            [candidate(0, 100, 10), candidate(1, 90_000, 10), candidate(2, 104, 10)],
            of: 3
        )
        #expect(selection.truechimers == [0, 2])
        #expect(selection.falsetickers == [1])
        let time = try #require(selection.time)
        #expect((100...104).contains(time.offset))
        #expect(time.distance >= 10)
    }

    @Test(
        "without a majority there is no time",
        arguments: [
            // two that differ; one of two; one of three; two of four; none
            ([(0, 10), (900, 10)], 2), ([(0, 10)], 2), ([(0, 10)], 3), ([(0, 10), (5, 10), (900, 10), (905, 10)], 4),
            ([], 1),
        ] as [([(Int64, Int64)], Int)]
    )
    func minority(_ times: [(Int64, Int64)], _ count: Int) {
        let candidates = times.enumerated().map { candidate($0, $1.0, $1.1) }
        let selection = NTPSelection(candidates, of: count)
        #expect(selection.time == nil)
        #expect(selection.truechimers.isEmpty && selection.falsetickers.isEmpty)
    }

    @Test("a single server is believed where it is the only one, and two of three where the third is silent")
    func majority() {
        #expect(NTPSelection([candidate(0, 5, 1)], of: 1).time == NTPSelection.Time(offset: 5, distance: 1))
        #expect(NTPSelection([candidate(0, 5, 2), candidate(2, 6, 2)], of: 3).truechimers == [0, 2])
    }

    @Test(
        "the intersection is the one that the most servers share",
        arguments: [
            // 8…12, 11…13 and 10…12, the usual example of Marzullo's algorithm
            ([(10, 2), (12, 1), (11, 1)], 11...12), ([(10, 2), (12, 1), (1100, 1)], 11...12),
            // two intervals that touch, and one that shares either end with another
            ([(10, 1), (12, 1)], 11...11), ([(50, 50), (5, 5), (95, 5)], 0...100),
        ] as [([(Int64, Int64)], ClosedRange<Int64>)]
    )
    func intersection(_ times: [(Int64, Int64)], _ expected: ClosedRange<Int64>) {
        let candidates = times.enumerated().map { candidate($0, $1.0, $1.1) }
        #expect(NTPSelection.intersection(candidates) == expected)
    }

    @Test("whatever a minority says, the true time stays within the distance of what the majority says")
    func liars() throws {
        var generator = SeededGenerator(state: 3)
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...9, using: &generator)
            let liars = Int.random(in: 0...(count - 1) / 2, using: &generator)
            let truth = Int64.random(in: -1_000_000...1_000_000, using: &generator)
            let candidates = (0..<count)
                .map { server in
                    let distance = Int64.random(in: 1...1000, using: &generator)
                    let error = Int64.random(in: -distance...distance, using: &generator)
                    let lie = server < liars ? Int64.random(in: 5000...9_000_000, using: &generator) : 0
                    return candidate(server, truth + error + lie, distance)
                }
                .shuffled(using: &generator)
            let selection = NTPSelection(candidates, of: count)
            // Liars apart by more than the others' distances never join them, so that these always find each other.
            let time = try #require(selection.time)
            #expect(Set(selection.falsetickers) == Set(0..<liars))
            #expect(abs(time.offset - truth) <= time.distance)
        }
    }

    @Test("of many that agree, those that differ the most do not count, and at least three do")
    func cluster() {
        let exact = (0..<4).map { candidate($0, Int64($0), 500) }
        let selection = NTPSelection(exact + [candidate(4, 400, 500), candidate(5, -400, 500)], of: 6)
        #expect(selection.truechimers.count == 6)
        #expect(Set(selection.survivors).isSubset(of: [0, 1, 2, 3]))
        #expect(selection.survivors.count >= 3)
    }

    @Test("a server that is less far off weighs more, and the lowest stratum is the first")
    func weights() throws {
        let selection = NTPSelection(
            [candidate(0, 0, 90), candidate(1, 100, 10, stratum: 1), candidate(2, 0, 90)],
            of: 3
        )
        #expect(selection.survivors.first == 1)
        let time = try #require(selection.time)
        // Weights 1/90, 1/10 and 1/90: 100 · 9/11.
        #expect(abs(time.offset - 82) <= 1)
        #expect(time.distance == 10 + 100 - time.offset)
    }
}
