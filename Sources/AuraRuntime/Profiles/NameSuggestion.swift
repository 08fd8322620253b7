/// The name that someone who wrote `name` most likely meant, or `nil` where none is near.
func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in candidates.sorted() {
        let distance = editDistance(name.lowercased(), candidate.lowercased())
        let isNear = distance <= max(1, max(name.count, candidate.count) / 3)
        if isNear && distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// How many insertions, removals, replacements and swaps of neighbours lead from one text to the other.
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
        var row = [i + 1]
        for j in right.indices {
            let replacement = last[j] + (left[i] == right[j] ? 0 : 1)
            var distance = min(replacement, last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                distance = min(distance, beforeLast[j - 1] + 1)
            }
            row.append(distance)
        }
        beforeLast = last
        last = row
    }
    return last[right.count]
}

/// What follows the statement that a name is wrong: `; did you mean 'path'? ` where one is near, otherwise `; `.
func suggestion(for name: String, in candidates: some Sequence<String>) -> String {
    nearestName(to: name, in: candidates).map { "; did you mean '\($0)'? " } ?? "; "
}
