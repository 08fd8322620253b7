internal import AuraEffects

/// Names by the order in which they came: each is written once.
struct NameTable {
    private(set) var names: [String] = []
    // By bytes: names that Swift takes for the same text are two.
    private var numbers: [StreamName: UInt32] = [:]

    mutating func number(of name: String) -> UInt32 {
        if let number = numbers[StreamName(name)] { return number }
        let number = UInt32(names.count)
        names.append(name)
        numbers[StreamName(name)] = number
        return number
    }
}
