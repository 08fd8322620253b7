/// A generator of the same numbers for the same seed (SplitMix64: Steele, Lea and Flood, OOPSLA 2014), so that a random
/// sequence of operations can be repeated.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }

    /// Whether an event of the given chance happens.
    mutating func happens(_ chance: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < chance
    }
}

extension SeededGenerator {
    /// An element of a collection that is not empty, each as likely as the others.
    mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element {
        choices[choices.index(choices.startIndex, offsetBy: Int.random(in: 0..<choices.count, using: &self))]
    }

    /// One of several choices by their weights, of which at least one is above zero.
    mutating func pick<Choice>(weighted choices: [(weight: Int, choice: Choice)]) -> Choice {
        var draw = Int.random(in: 0..<choices.reduce(0) { $0 + $1.weight }, using: &self)
        var chosen = 0
        while draw >= choices[chosen].weight {
            draw -= choices[chosen].weight
            chosen += 1
        }
        return choices[chosen].choice
    }
}
