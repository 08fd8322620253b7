/// Numbers the tokens that a handler chose in the order in which it first shows them.
///
/// Two handlers that behave alike show theirs in the same order: the numbers are equal then, and differ where one of them
/// uses a token again that it used for something else, or another one for the same.
struct Correspondence<Token: Hashable & Sendable>: Sendable {
    private var numbers: [Token: Int] = [:]

    /// The number of a token that was shown before.
    func known(_ token: Token) -> Int? {
        numbers[token]
    }

    /// The number of a token, which is new where the token is.
    mutating func number(_ token: Token) -> Int {
        if let number = numbers[token] { return number }
        let number = numbers.count
        numbers[token] = number
        return number
    }
}

extension Correspondence where Token: Comparable {
    /// The numbers in the order of their tokens.
    var ordered: [Int] {
        numbers.sorted { $0.key < $1.key }.map(\.value)
    }
}
