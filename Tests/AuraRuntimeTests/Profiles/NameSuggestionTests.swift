internal import Testing

@testable internal import AuraRuntime

@Suite("Nearest names")
struct NameSuggestionTests {
    @Test(
        "the distance counts insertions, removals, replacements and swaps",
        arguments: [("", "", 0), ("a", "", 1), ("pth", "path", 1), ("ahndler", "handler", 1), ("kitten", "sitting", 3)]
    )
    func distance(_ left: String, _ right: String, _ distance: Int) {
        #expect(editDistance(left, right) == distance)
        #expect(editDistance(right, left) == distance)
    }

    @Test("a name that is far from every candidate has no nearest one")
    func far() {
        #expect(nearestName(to: "elephant", in: ["path", "queue"]) == nil)
        #expect(nearestName(to: "PATH", in: ["path", "queue"]) == "path")
        #expect(nearestName(to: "x", in: []) == nil)
    }
}
