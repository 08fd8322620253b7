extension PlantedBug {
    /// Two callers miss the cache before either fills it.
    public static let doubleLoad = PlantedBug(
        name: "double load into a cache",
        fault: "A cache looks a value up, loads it, and stores it; the actor serves other callers while it loads.",
        buggy: { try await readManifest { cache in await cache.valueLoadedByEach("manifest") } },
        fixed: { try await readManifest { cache in await cache.value("manifest") } }
    )
}

private actor Origin {
    private(set) var loads = 0

    func load(_ name: String) -> String {
        loads += 1
        return "contents of \(name)"
    }
}

private actor Cache {
    private let origin: Origin
    private var values: [String: String] = [:]
    private var loading: [String: Task<String, Never>] = [:]

    init(of origin: Origin) {
        self.origin = origin
    }

    func valueLoadedByEach(_ name: String) async -> String {
        if let value = values[name] { return value }
        let value = await origin.load(name)
        values[name] = value
        return value
    }

    func value(_ name: String) async -> String {
        if let task = loading[name] { return await task.value }
        let task = Task { [origin] in await origin.load(name) }
        loading[name] = task
        return await task.value
    }
}

private func readManifest(_ read: @escaping @Sendable (Cache) async -> String) async throws {
    let origin = Origin()
    let cache = Cache(of: origin)
    async let first = read(cache)
    async let second = read(cache)
    let values = (await first, await second)
    try require(values.0 == values.1, "two readers saw different values")
    let loads = await origin.loads
    try require(loads == 1, "the manifest was loaded \(loads) times")
}
