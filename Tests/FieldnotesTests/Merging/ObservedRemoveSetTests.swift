internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("An observed-remove set")
struct ObservedRemoveSetTests {
    private typealias Tags = ObservedRemoveSet<Int>

    private static func dot(using generator: inout Generator) -> Tags.Dot {
        Tags.Dot(element: Int.random(in: 0..<3, using: &generator), id: .random(of: 5, using: &generator))
    }

    private static func random(using generator: inout Generator) -> Tags {
        var set = Tags()
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            let dot = dot(using: &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 { set.remove(dot) } else { set.add(dot) }
        }
        return set
    }

    @Test("is a semilattice")
    func laws() {
        SemilatticeLaws.check(seed: 3, Self.random)
    }

    @Test("holds exactly what was added and not removed by who had seen it, in every order and however often")
    func model() {
        var generator = Generator(seed: 4)
        for number in 0..<SemilatticeLaws.cases {
            let added = Set((0..<6).map { _ in Self.dot(using: &generator) })
            let removed = Set((0..<3).map { _ in Self.dot(using: &generator) })
            var steps: [(dot: Tags.Dot, isRemoval: Bool)] = added.sorted().map { ($0, false) }
            steps += removed.sorted().map { ($0, true) }
            steps += steps.filter { _ in Bool.random(using: &generator) }
            var set = Tags()
            for step in steps.shuffled(using: &generator) {
                if step.isRemoval { set.remove(step.dot) } else { set.add(step.dot) }
            }
            let expected = added.subtracting(removed)
            #expect(Set(set.added.elements) == expected, "case \(number)")
            #expect(set.elements == Set(expected.map(\.element)).sorted(), "case \(number)")
        }
    }

    @Test("an addition that the remover has not seen wins")
    func concurrentAddition() {
        var left = Tags()
        left.add(Tags.Dot(element: 7, id: EntryID(rawValue: 1)))
        var right = left
        for dot in left.dots(of: 7) { left.remove(dot) }
        right.add(Tags.Dot(element: 7, id: EntryID(rawValue: 2)))
        #expect(!left.contains(7))
        left.merge(right)
        #expect(left.contains(7) && left.elements == [7])
        for dot in left.dots(of: 7) { left.remove(dot) }
        right.merge(left)
        #expect(right.elements.isEmpty)
    }
}
