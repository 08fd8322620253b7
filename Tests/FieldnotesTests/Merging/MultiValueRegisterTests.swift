internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("A multi-value register")
struct MultiValueRegisterTests {
    private typealias Register = MultiValueRegister<Int>

    private static func random(using generator: inout Generator) -> Register {
        var register = Register()
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            let id = EntryID.random(of: 6, using: &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 {
                register.replace(id)
            } else {
                // Two values under one id occur too.
                register.write(Int.random(in: 0..<3, using: &generator), as: id)
            }
        }
        return register
    }

    @Test("is a semilattice")
    func laws() {
        SemilatticeLaws.check(seed: 5, Self.random)
    }

    @Test(
        "values of devices that did not know of one another are all kept, and a write that saw both takes their place"
    )
    func concurrentWrites() {
        let ids = (0..<4).map { EntryID(rawValue: $0) }
        var left = Register()
        left.write(0, as: ids[0])
        var right = left
        left.replace(ids[0])
        left.write(1, as: ids[1])
        right.replace(ids[0])
        right.write(2, as: ids[2])
        left.merge(right)
        #expect(left.versions.map(\.value) == [1, 2])
        for version in left.versions { left.replace(version.id) }
        left.write(3, as: ids[3])
        right.merge(left)
        #expect(right.versions.map(\.value) == [3])
    }

    @Test("no value is lost that no later write had seen, in every order")
    func nothingLost() {
        var generator = Generator(seed: 6)
        for number in 0..<SemilatticeLaws.cases {
            // Each write replaces some of those before it.
            var writes: [(id: EntryID, replaced: [EntryID])] = []
            for index in 0..<Int.random(in: 1..<7, using: &generator) {
                let replaced = writes.map(\.id).filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
                writes.append((EntryID(rawValue: UInt128(index)), replaced))
            }
            let gone = Set(writes.flatMap(\.replaced))
            let expected = writes.map(\.id).filter { !gone.contains($0) }
            var register = Register()
            for write in (writes + writes).shuffled(using: &generator) {
                for id in write.replaced { register.replace(id) }
                register.write(0, as: write.id)
            }
            #expect(register.versions.map(\.id) == expected, "case \(number): \(writes)")
        }
    }
}
