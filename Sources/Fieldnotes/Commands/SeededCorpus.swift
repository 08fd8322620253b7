internal import AuraEffects
internal import FieldnotesCore

/// A corpus of made-up field notes, the same on every machine.
enum SeededCorpus {
    static let folder = ".aura/corpus"
    static let fileCount = 1200

    private static let seed: UInt64 = 2026
    private static let words = """
        heron weir river mill reed otter dusk dawn mist kingfisher willow bank stone bridge current eddy trout mayfly \
        swallow meadow lark hedge fox track mud print snow thaw flood gauge level clear brown green moss lichen oak \
        acorn jay nest egg chick feather owl call distant near north south wind gust calm rain drizzle sun shade \
        license warranty notebook journal entry sketch map grid sample bottle label count pair flock single
        """
        .split(separator: " ")

    /// Writes the corpus; files that are there are replaced by the same.
    static func write(with effect: any FolderEffects) async throws(EffectError) {
        var generator = SplitMix64(state: seed)
        for number in 0..<fileCount {
            let text = Array(text(number, &generator).utf8)
            let path = "year-\(2000 + number / 60)/note-\(number).txt"
            try await effect.replace(path, in: folder) { part throws(EffectError) in part == 0 ? text : [] }
        }
    }

    private static func text(_ number: Int, _ generator: inout SplitMix64) -> String {
        var lines = ["# Note \(number): \(sentence(&generator))"]
        for _ in 0..<Int.random(in: 2...40, using: &generator) { lines.append(sentence(&generator)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func sentence(_ generator: inout SplitMix64) -> String {
        let count = Int.random(in: 4...14, using: &generator)
        let chosen = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &generator)] }
        return chosen.joined(separator: " ") + "."
    }
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
