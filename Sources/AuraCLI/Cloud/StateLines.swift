internal import AuraEffects

/// The text of a transfer's state: a line that says what it is, and lines of a word and its values each.
///
/// Texts are percent-encoded.
struct StateLines {
    private let lines: [[String]]

    /// Reads a state; `nil` where the text does not begin with `header`.
    init?(_ text: String, header: String) {
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == header else { return nil }
        self.lines = lines.dropFirst().map { $0.split(separator: " ").map(String.init) }
    }

    /// The values of each line of a word.
    func all(_ word: String) -> [[String]] {
        lines.filter { $0.first == word }.map { Array($0.dropFirst()) }
    }

    /// The text of a word's line.
    func text(_ word: String) -> String? {
        all(word).first?.first.flatMap(PercentEncoding.decode)
    }

    /// The number of a word's line.
    func number(_ word: String) -> Int? {
        all(word).first?.first.flatMap { Int($0) }
    }
}
