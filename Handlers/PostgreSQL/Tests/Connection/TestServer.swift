#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Logging
@testable internal import AuraPostgreSQL

/// A PostgreSQL server in a temporary folder, which ends with the test process.
final class TestServer: Sendable {
    private struct Address: Decodable {
        var host: String
        var port: Int
        var database: String
        var user: String
        var passwordFile: String
        var caFile: String?
    }

    /// One that offers no TLS.
    static let plain = Result { try TestServer(["--setting", "max_connections=200"]) }
    /// One that takes nothing but TLS.
    static let encrypted = Result { try TestServer(["--tls"]) }

    let folder: String
    private let address: Address

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Server/postgresql").standardized.path

    init(_ options: [String]) throws {
        folder = "\(FileManager.default.temporaryDirectory.path)/aura-\(UUID().uuidString.prefix(8))"
        try Self.run(["start", folder, "--owner", String(getpid())] + options)
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/connection"))
        address = try JSONDecoder().decode(Address.self, from: data)
    }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: script)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    /// Runs SQL as the superuser.
    func sql(_ text: String) throws {
        try Self.run(["sql", folder, "-c", text])
    }

    /// A configuration for this server with a PostgreSQL schema of its own.
    func configuration(schema: String = TestServer.newSchema()) throws -> PostgreSQLConfiguration {
        let password = try String(contentsOfFile: address.passwordFile, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        var configuration = PostgreSQLConfiguration(
            servers: [.init(host: address.host, port: address.port)],
            database: address.database,
            user: address.user,
            password: Secret(password),
            budget: HandlerContext.test().budget
        )
        configuration.schema = schema
        configuration.tls = address.caFile == nil ? .disable : .verifyFull
        configuration.rootCertificate = address.caFile
        return configuration
    }

    static func newSchema() -> String {
        "s" + UUID().uuidString.lowercased().filter { $0 != "-" }.prefix(16)
    }
}

extension HandlerContext {
    /// A context with the system's clock and random source.
    static func test(time: any TimeEffects = SystemTimeHandler()) -> HandlerContext {
        HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 0.3, ioQuota: .mebibytes(10)),
            time: time,
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
    }
}

/// The error that `body` throws.
func thrownError(_ body: () async throws(EffectError) -> Void) async -> EffectError? {
    do throws(EffectError) {
        try await body()
        return nil
    } catch {
        return error
    }
}
#endif
