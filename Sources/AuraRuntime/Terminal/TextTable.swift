/// Columns of text.
package enum TextTable {
    /// Rows whose columns are as wide as their widest value, two spaces deep.
    package static func rows(_ rows: [[String]]) -> [String] {
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount)
            .map { column in
                rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
            }
        return rows.map { row in
            let end = row.lastIndex { !$0.isEmpty } ?? 0
            let cells = row.prefix(end + 1).enumerated()
                .map { column, cell in
                    column == end ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
                }
            return "  " + cells.joined(separator: "  ")
        }
    }
}
