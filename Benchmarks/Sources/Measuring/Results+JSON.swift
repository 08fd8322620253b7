/// Results as the JSON that other tools read: an array of objects, a row each.
package func json(_ results: [Result]) -> String {
    let rows = results.map { result in
        let fields = [
            ("name", quoted(result.name)),
            ("unit", quoted(result.unit)),
            ("ours", number(result.ours)),
            ("baseline", result.baseline.map { number($0) } ?? "null"),
            ("ratio", result.ratio.map { number($0) } ?? "null"),
            ("higherIsBetter", result.isHigherBetter ? "true" : "false"),
        ]
        return "  {" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }
    return "[\n" + rows.joined(separator: ",\n") + "\n]\n"
}

// Names and units are our own literals: they hold nothing that JSON would escape.
private func quoted(_ text: String) -> String {
    "\"\(text)\""
}

private func number(_ value: Double) -> String {
    value.isFinite ? "\(value)" : "null"
}
