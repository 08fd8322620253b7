#if SQLite
internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite

/// Makes tables on SQLite files, and lets items expire.
final class SQLiteKeyValueHarness: KeyValueHarness, TimePassingHarness {
    private let files: HarnessFiles<SQLiteKeyValueHandler>
    private let clock = SteppedTime()

    init() throws {
        files = try HarnessFiles()
    }

    var capabilities: Capabilities {
        SQLiteKeyValueHandler.capabilities(of: SQLiteConfiguration(path: "", budget: HandlerContext.system().budget))
    }

    func make() async throws -> any KeyValueEffects {
        let path = files.newPath()
        let handler = try await HandlerContext.system(time: clock).keyValues(path)
        files.add(handler, path)
        return handler
    }

    var now: WallTime { clock.now }

    func letTimePass(_ duration: Duration) async throws {
        clock.step(by: duration)
    }

    func finish() async {
        for handler in files.all() { await handler.close() }
    }
}

extension HandlerContext {
    func keyValues(
        _ path: String,
        _ change: (inout SQLiteConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> SQLiteKeyValueHandler {
        var configuration = SQLiteConfiguration(path: path, budget: budget)
        change(&configuration)
        return try await SQLiteKeyValueHandler.open(configuration, self)
    }
}
#endif
