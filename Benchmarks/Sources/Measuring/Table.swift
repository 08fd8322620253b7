/// Prints results as a table on standard output.
package func printTable(_ results: [Result]) {
    let header = ["name", "unit", "ours", "baseline", "ratio", "target", "ok"]
    let rows = results.map { result in
        [
            result.name,
            result.unit,
            formatted(result.ours),
            result.baseline.map { formatted($0) } ?? "–",
            result.ratio.map { formatted($0) } ?? "–",
            description(of: result.target),
            result.isReached.map { $0 ? "yes" : "NO" } ?? "–",
        ]
    }
    let widths = header.indices.map { column in
        ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    for row in [header, widths.map { String(repeating: "-", count: $0) }] + rows {
        let cells = zip(row, widths).enumerated()
            .map { column, cell in
                // Texts stand to the left, numbers to the right.
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return (2...4).contains(column) ? padding + cell.0 : cell.0 + padding
            }
        print(cells.joined(separator: "  "))
    }
}

/// A number with about four digits that count.
package func formatted(_ value: Double) -> String {
    guard value.magnitude < 1000 else { return grouped(Int(value.rounded())) }
    let scale = value.magnitude < 10 ? 1000.0 : value.magnitude < 100 ? 100.0 : 10.0
    return "\((value * scale).rounded() / scale)"
}

private func grouped(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
        groups.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}

private func description(of target: Target) -> String {
    switch target {
    case .none: "–"
    case .ratio(let least): "ratio ≥ \(formatted(least))"
    case .excess(let most): "≤ \(formatted(most)) more"
    case .oursBelow(let limit): "ours < \(formatted(limit))"
    case .oursAtLeast(let least): "ours ≥ \(formatted(least))"
    }
}
