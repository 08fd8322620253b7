#if AWS
internal import AuraEffects
internal import Foundation
internal import Testing

@testable internal import AuraAWS

/// The built `aura` on AWS's services, as a user calls it.
@Suite("The command line on AWS's services, by moto and a server of functions")
struct CommandLineTests {
    private struct Outcome {
        var output: String
        var errors: String
        var code: Int32

        func json() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        }
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("aura-\(UUID().uuidString)")

    private func profile(_ services: TestServices, table: String, queue: String) throws {
        let region = "law-\(UUID().uuidString.lowercased())"
        let access =
            "endpoint: \"\(services.server.endpoint.text)\", accessKeyID: \(StoreServer.accessKeyID), "
            + "secretAccessKey: \"${secret:STORE_KEY}\""
        let yaml = """
            profile: test
            environment: embedded
            time: { handler: system }
            random: { handler: system }
            http: { handler: curl }
            cloud:
              keyValues: { handler: dynamodb, table: \(table), region: us-east-1, \(access) }
              queue: { handler: sqs, queue: \(queue), region: us-east-1, \(access) }
              topics: { handler: sns, region: \(region), \(access) }
              functions: { handler: lambda, region: us-east-1, \(access) }
            """
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(yaml.utf8).write(to: folder.appendingPathComponent("test.yaml"))
    }

    private func aura(_ arguments: String...) throws -> Outcome {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("aura")
        process.arguments = ["cloud"] + arguments + ["--profile", "test.yaml"]
        process.currentDirectoryURL = folder
        process.environment = ["STORE_KEY": StoreServer.secretAccessKey]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let outcome = Outcome(
            output: String(decoding: printed, as: UTF8.self),
            errors: String(decoding: said, as: UTF8.self),
            code: process.terminationStatus
        )
        #expect(!(outcome.output + outcome.errors).contains(StoreServer.secretAccessKey))
        return outcome
    }

    @Test("items, messages, topics and functions by one command after the other")
    func services() async throws {
        let services = TestServices.shared()
        let table = try await services.table()
        let queue = try await services.queue()
        try profile(services, table: table.layout.table, queue: queue.options.queue)
        let put = try aura("kv", "put", "p", "a", #"{"n":1}"#)
        #expect(put.code == 0, "\(put.errors)")
        #expect(try aura("kv", "get", "p", "a").output == "{\"n\":1}\n")

        #expect(try aura("queue", "send", "é", "--attribute", "kind=a").code == 0)
        let received = try aura("queue", "receive", "--json").json()
        #expect((received["body"] as? [String: String]) == ["text": "é"])
        #expect((received["attributes"] as? [String: String]) == ["kind": "a"])
        let receipt = try #require(received["receipt"] as? String)
        #expect(try aura("queue", "receive").output == "")
        #expect(try aura("queue", "extend", receipt, "--by", "0s").output == "given back\n")
        #expect(try aura("queue", "receive", "--delete").output.contains("é kind=a"))
        #expect(try await SQSQueue(handler: queue).counts() == .init(waiting: 0, hidden: 0, delayed: 0))

        let missing = try aura("topic", "publish", "orders", "a")
        #expect(missing.code == 66)
        #expect(missing.errors.contains("Create the topic first."), "\(missing.errors)")
        #expect(try aura("topic", "create", "orders").code == 0)
        #expect(try aura("topic", "subscribe", "mailer", "orders", "--filter", "kind=a").code == 0)
        #expect(try aura("topic", "subscriptions", "orders").output == "mailer  pulled  kind=a\n")
        #expect(try aura("topic", "publish", "orders", "a", "--json").json()["bytes"] as? Int == 1)
        #expect(try aura("topic", "unsubscribe", "mailer").code == 0)
        #expect(try aura("topic", "subscriptions", "orders").output == "")

        #expect(try aura("function", "invoke", "echo-cli", #"{"a":1}"#).output == #"{"a":1}"#)
        #expect(try aura("function", "invoke", "noting-cli", "1", "--no-wait").output == "accepted\n")
        let failed = try aura("function", "invoke", "failing-cli", "the reason", "--json")
        #expect(failed.code == 1)
        #expect(failed.output.contains("failed with ValueError: the reason"), "\(failed.output)")
        try FileManager.default.removeItem(at: folder)
        await services.close()
    }
}
#endif
