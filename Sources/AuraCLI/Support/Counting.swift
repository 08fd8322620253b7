extension Int {
    /// The number with its noun, such as `1 entry` or `2 entries`.
    func counted(_ one: String, _ many: String) -> String {
        self == 1 ? "1 \(one)" : "\(self) \(many)"
    }
}
