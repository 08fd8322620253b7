internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

/// The laws of merging, on random states.
enum SemilatticeLaws {
    static let cases = Soak.count(3000, soak: 50_000)

    /// Checks the laws on states that `make` draws.
    static func check<State: Mergeable>(seed: UInt64, _ make: (inout Generator) -> State) {
        var generator = Generator(seed: seed)
        var distinct: Set<State> = []
        for number in 0..<cases {
            let (a, b, c) = (make(&generator), make(&generator), make(&generator))
            distinct.insert(a)
            let ab = a.merging(b)
            #expect(a.merging(a) == a, "idempotent: case \(number), \(a)")
            #expect(ab == b.merging(a), "commutative: case \(number), \(a) and \(b)")
            #expect(ab.merging(c) == a.merging(b.merging(c)), "associative: case \(number), \(a), \(b) and \(c)")
            #expect(a.merging(State()) == a && State().merging(a) == a, "nothing changes nothing: case \(number), \(a)")
            // A state is at or below another if merging it there brings nothing new.
            #expect(ab.merging(a) == ab && ab.merging(b) == ab, "monotone: case \(number), \(a) and \(b)")
        }
        #expect(distinct.count > 100, "the states that are drawn differ")
    }
}

extension Mergeable {
    func merging(_ other: Self) -> Self {
        var merged = self
        merged.merge(other)
        return merged
    }
}

extension Stamp {
    /// A stamp of few, so that equal ones are drawn too.
    static func random(using generator: inout Generator) -> Stamp {
        Stamp(
            timestamp: HybridTimestamp(rawValue: UInt64.random(in: 0..<3, using: &generator)),
            origin: OriginID(rawValue: UInt128(UInt64.random(in: 0..<3, using: &generator))),
            entry: EntryID(rawValue: UInt128(UInt64.random(in: 0..<3, using: &generator)))
        )
    }
}

extension EntryID {
    /// An id of few.
    static func random(of count: UInt64, using generator: inout Generator) -> EntryID {
        EntryID(rawValue: UInt128(UInt64.random(in: 0..<count, using: &generator)))
    }
}
