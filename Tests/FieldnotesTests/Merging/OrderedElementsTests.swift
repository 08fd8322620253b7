internal import Testing

@testable internal import FieldnotesCore

@Suite("Ordered elements")
struct OrderedElementsTests {
    @Test("are those of a set, in their order")
    func likeASet() {
        var generator = Generator(seed: 7)
        for _ in 0..<200 {
            var ordered = OrderedElements<Int>()
            var set: Set<Int> = []
            for _ in 0..<40 {
                let element = Int.random(in: 0..<20, using: &generator)
                if Bool.random(using: &generator) {
                    #expect(ordered.insert(element) == set.insert(element).inserted)
                } else {
                    #expect(ordered.remove(element) == (set.remove(element) != nil))
                }
                #expect(ordered.contains(element) == set.contains(element))
                #expect(ordered.elements == set.sorted())
            }
            #expect(OrderedElements(set.shuffled(using: &generator)) == ordered)
        }
    }
}
