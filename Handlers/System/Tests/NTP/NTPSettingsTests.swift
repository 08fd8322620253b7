internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import Testing

@testable internal import AuraSystem

@Suite("The settings of time servers")
struct NTPSettingsTests {
    private let context = HandlerContext(
        budget: ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 1, ioQuota: .mebibytes(1)),
        time: SystemTimeHandler(),
        random: SystemRandomHandler(),
        logger: Logger(label: "test")
    )

    @Test(
        "a mistake says what is wrong and what to do",
        arguments: [
            (["a:b"], Duration.seconds(64), "ntp names no server by 'a:b': write HOST or HOST:PORT."),
            (["a", "a:123"], .seconds(64), "ntp names 'a:123' twice: one server has one vote."),
            (
                ["a"], .seconds(15),
                "ntpPoll must be a time from 16s to 131072s: servers expect to be asked that often."
            ),
            (
                ["a"], .seconds(200_000),
                "ntpPoll must be a time from 16s to 131072s: servers expect to be asked that often."
            ),
        ]
    )
    func mistakes(_ servers: [String], _ poll: Duration, _ message: String) {
        let error = #expect(throws: EffectError.self) {
            _ = try SystemTimeHandler.make(asking: servers, every: poll, context)
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == message)
        #expect(error?.effect == "time")
    }

    @Test(
        "a profile without servers, or with an empty list, has the system's clock alone",
        arguments: [nil, []] as [[String]?]
    )
    func none(_ servers: [String]?) async throws {
        let registry = HandlerRegistry { SystemHandlers() }
        let declaration = try #require(registry.declaration(effect: "time", technology: "system"))
        var values: [String: HandlerSettings.Value] = ["ntpPoll": .duration(.seconds(64))]
        if let servers { values["ntp"] = .list(servers) }
        var system = EffectSystem()
        let stop = try await declaration.install(HandlerSettings(values), context, "", &system)
        let handler = try #require(system.time as? SystemTimeHandler)
        #expect(handler.synchronization == nil)
        await stop()
    }

    @Test("a profile's servers are asked")
    func asked() async throws {
        let server = try TimeServer()
        let registry = HandlerRegistry { SystemHandlers() }
        let declaration = try #require(registry.declaration(effect: "time", technology: "system"))
        let values: [String: HandlerSettings.Value] = [
            "ntp": .list([try server.name.description]), "ntpPoll": .duration(.seconds(64)),
        ]
        var system = EffectSystem()
        let stop = try await declaration.install(HandlerSettings(values), context, "", &system)
        let handler = try #require(system.time as? SystemTimeHandler)
        for _ in 0..<100 where server.questions.isEmpty { try await handler.sleep(for: .milliseconds(50)) }
        #expect(handler.synchronization?.servers.map(\.name) == [try server.name.description])
        #expect(!server.questions.isEmpty)
        await stop()
        server.stop()
    }
}
