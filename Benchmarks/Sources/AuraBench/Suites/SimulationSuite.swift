extension Suite {
    static let simulation = Suite(
        name: "simulation",
        summary: "journals that converge over a network"
    ) { scale in
        [replicateRow(scale)]
    }
}
