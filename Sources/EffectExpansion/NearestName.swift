#if Generator
/// The name that differs least from another one; `nil` where there are none.
func nearest(to name: String, among names: [String]) -> String? {
    names.min { distance($0, name) < distance($1, name) }
}

/// How many letters must be added, removed or changed to make one word of another.
private func distance(_ first: String, _ second: String) -> Int {
    let other = Array(second)
    var row = Array(0...other.count)
    for (index, letter) in first.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for place in other.indices {
            let changed = diagonal + (letter == other[place] ? 0 : 1)
            diagonal = row[place + 1]
            row[place + 1] = min(changed, min(row[place], diagonal) + 1)
        }
    }
    return row[other.count]
}
#endif
