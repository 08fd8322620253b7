internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("A last-writer-wins register")
struct LastWriterWinsRegisterTests {
    private typealias Register = LastWriterWinsRegister<Int>

    private static func random(using generator: inout Generator) -> Register {
        var register = Register()
        for _ in 0..<Int.random(in: 0..<4, using: &generator) {
            register.set(Int.random(in: 0..<4, using: &generator), at: .random(using: &generator))
        }
        return register
    }

    @Test("is a semilattice")
    func laws() {
        SemilatticeLaws.check(seed: 1, Self.random)
    }

    @Test("holds the write with the highest stamp, and of equal ones the greater value, in every order")
    func highest() throws {
        var generator = Generator(seed: 2)
        for number in 0..<SemilatticeLaws.cases {
            let writes = (0..<Int.random(in: 1..<6, using: &generator))
                .map { _ in (Stamp.random(using: &generator), Int.random(in: 0..<4, using: &generator)) }
            var register = Register()
            for (stamp, value) in writes.shuffled(using: &generator) { register.set(value, at: stamp) }
            let expected = try #require(writes.max { $0 < $1 })
            #expect(register.value == expected.1, "case \(number): \(writes)")
            #expect(register.write?.stamp == expected.0, "case \(number): \(writes)")
        }
    }

    @Test("orders stamps by timestamp, then origin, then id")
    func stamps() {
        func stamp(_ timestamp: UInt64, _ origin: UInt128, _ entry: UInt128) -> Stamp {
            Stamp(
                timestamp: HybridTimestamp(rawValue: timestamp),
                origin: OriginID(rawValue: origin),
                entry: EntryID(rawValue: entry)
            )
        }
        let ascending = [stamp(1, 9, 9), stamp(2, 1, 9), stamp(2, 2, 1), stamp(2, 2, 2)]
        for (lower, higher) in zip(ascending, ascending.dropFirst()) {
            var register = Register()
            register.set(1, at: higher)
            register.set(2, at: lower)
            #expect(register.value == 1)
        }
    }

    @Test("a title is compared by its bytes, and none is the least")
    func titles() {
        let ascending = [nil, "", "Reiher", "e\u{301}", "\u{e9}"].map(GivenTitle.init)
        for (lower, higher) in zip(ascending, ascending.dropFirst()) {
            #expect(lower < higher && lower != higher && !(higher < lower))
        }
    }
}
