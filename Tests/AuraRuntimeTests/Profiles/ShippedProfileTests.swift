internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

@testable internal import AuraRuntime

#if SQLite
internal import AuraSQLite
#endif

/// The profiles that come with the framework, against the handlers that come with it; one at a time, since all of them have the
/// same address in the network of the process.
@Suite("Shipped profiles", .serialized)
struct ShippedProfileTests {
    private static let needs: EffectNeeds = [.journal(.durable), .storage, .network, .time, .random]

    private static let registry = HandlerRegistry {
        MemoryHandlers()
        SystemHandlers()
        #if SQLite
        SQLiteHandlers()
        #endif
    }

    private static func profile(_ name: String) throws -> Profile {
        let folder = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return try Profile.find("/\(folder)/Profiles/\(name).yaml", variables: [:])
    }

    private static func assembly(_ name: String) throws -> Assembly {
        try Assembly(try profile(name), registry, needs: needs, variables: [:], machine: unlimitedMachine)
    }

    @Test("dev runs, on the system's clock, and waives durability alone")
    func dev() async throws {
        let assembly = try Self.assembly("dev")
        #expect(assembly.needs.waived.map(\.name) == ["journal.durable"])
        #expect(assembly.skippedEffects == ["folder"])
        try await withAssembled(assembly.profile, Self.registry, needs: Self.needs, variables: [:]) { effects, _ in
            _ = try await effects.storage.write([1], to: "key", if: .none)
            #expect(try await effects.storage.read("key")?.bytes == [1])
            #expect(effects.time.now.nanosecondsSinceEpoch > 1_700_000_000_000_000_000)
        }
    }

    @Test("test runs on a clock that stands and on the same random values each time")
    func test() async throws {
        var draws: [UInt64] = []
        for _ in 0..<2 {
            try await withAssembled(
                try Self.profile("test"),
                Self.registry,
                needs: Self.needs,
                variables: [:]
            ) { effects, _ in
                #expect(effects.time.capabilities.contains(.manual))
                #expect(effects.time.now == effects.time.now)
                draws.append(effects.random.nextUInt64())
            }
        }
        #expect(draws[0] == draws[1])
    }

    #if SQLite
    @Test("mobile and embedded are durable without a waiver, each with its own budget")
    func sqlite() throws {
        let mobile = try Self.assembly("mobile")
        let embedded = try Self.assembly("embedded")
        #expect(mobile.needs.isMet && mobile.needs.waived.isEmpty)
        #expect(embedded.needs.isMet && embedded.needs.waived.isEmpty)
        #expect(mobile.resources.budget.memoryLimit == .mebibytes(256))
        #expect(embedded.resources.budget.memoryLimit == .mebibytes(64))
        #expect(embedded.handlers.map(\.technology) == mobile.handlers.map(\.technology))
    }
    #endif
}
