#if SQLite
internal import Foundation
internal import Testing

/// `aura time` on real servers of time.
@Suite("aura time")
struct TimeTests {
    private static let chrony = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent()
        .appendingPathComponent("../../Handlers/System/Server/chrony")
        .standardizedFileURL

    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write("profile: p\nenvironment: mobile\ntime: { handler: system }\n", to: "p.yaml")
    }

    private func time(_ servers: [Int], _ arguments: String...) throws -> AuraProcess.Outcome {
        let names = servers.map { "127.0.0.1:\($0)" }.joined(separator: ",")
        let variables = servers.isEmpty ? [:] : ["AURA_TIME_NTP": names]
        let all = ["time", "--profile", place.file("p.yaml")] + arguments
        return try AuraProcess(all, in: place, variables: variables).wait()
    }

    @Test("names the server that lies, and says how far off the clock is")
    func liar() throws {
        let base = 20_000 + Int(getpid()) % 10_000
        let ports = [base, base + 1, base + 2]
        let servers = try ports.map { port in
            let process = Process()
            process.executableURL = Self.chrony
            let ahead = port == base + 1 ? ["--ahead", "90"] : []
            process.arguments = ["serve", place.file("\(port)"), "--port", "\(port)", "--owner", "\(getpid())"] + ahead
            try process.run()
            return process
        }
        defer { for server in servers { kill(server.processIdentifier, SIGKILL) } }
        let outcome = try time(ports, "--json")
        #expect(outcome.code == 0)
        let json = try outcome.json
        #expect(json["synchronized"] as? Bool == true)
        let found = try #require(json["servers"] as? [[String: Any]])
        #expect(found.map { $0["state"] as? String } == ["used", "falseticker", "used"])
        #expect(abs(try #require(json["offset"] as? Double)) < 1)
        #expect(try #require(json["uncertainty"] as? Double) < 1)
        #expect(abs(try #require(found[1]["offset"] as? Double) - 90) < 2)
        let text = try time(ports)
        #expect(text.lines.first?.split(separator: " ").first == "server")
        #expect(text.lines[2].contains("falseticker"))
        #expect(text.lines.last?.hasPrefix("The majority agrees: ") == true)
    }

    @Test("without a majority it fails, and says so")
    func silence() throws {
        let outcome = try time([9], "--wait", "1")
        #expect(outcome.code == 1)
        #expect(outcome.lines.last == "No majority of the servers agrees: the clock is not corrected.")
    }

    @Test("a profile without servers is no mistake")
    func none() throws {
        let outcome = try time([])
        #expect(outcome.code == 0)
        #expect(outcome.output == "This profile's clock asks no time servers.\n")
        let json = try time([], "--json").json
        #expect(json["synchronized"] as? Bool == false)
    }

    @Test("a wrong name of a server is an error that says what to write")
    func wrongName() throws {
        let variables = ["AURA_TIME_NTP": "a:b"]
        let all = ["time", "--profile", place.file("p.yaml"), "--json"]
        let outcome = try AuraProcess(all, in: place, variables: variables).wait()
        #expect(outcome.code == 1)
        let message = try #require(try outcome.jsonError["message"] as? String)
        #expect(message.contains("ntp names no server by 'a:b': write HOST or HOST:PORT."))
    }
}
#endif
