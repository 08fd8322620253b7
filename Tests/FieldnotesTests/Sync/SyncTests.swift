#if SQLite && TLSNetwork
internal import Foundation
internal import Testing

@Suite("Notes that travel between processes over TLS", .serialized, .timeLimit(.minutes(10)))
struct SyncTests {
    private func listed(_ device: SyncDevice, _ text: String) throws -> Bool {
        try device.run("list").output.contains(text)
    }

    /// Waits until a device lists a text.
    private func wait(until device: SyncDevice, lists text: String) async throws {
        for _ in 0..<100 {
            if try listed(device, text) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("\(device.name) does not list '\(text)'")
    }

    #if PostgreSQL
    @Test("a note of a phone on SQLite is on a server on PostgreSQL, by way of a node in memory, and the other way")
    func threeProfiles() async throws {
        let server = try DatabaseServer()
        let devices = [
            try SyncDevice("phone", .sqlite), try SyncDevice("relay", .memory),
            try SyncDevice("server", .postgresql(url: server.url)),
        ]
        try await devices[0].join(devices, dialling: [devices[1]])
        try await devices[1].join(devices, dialling: [])
        try await devices[2].join(devices, dialling: [devices[1]])
        let processes = try devices.map { try $0.serve() }
        try await processes[1].wait(for: "connected", count: 2)
        #expect(try devices[0].run("add", "Two herons at the weir").status == 0)
        try await wait(until: devices[2], lists: "Two herons at the weir")
        #expect(try devices[2].run("add", "One heron at the mill").status == 0)
        try await wait(until: devices[0], lists: "One heron at the mill")
        #expect(processes[1].count("projected") >= 2)
        for process in processes {
            let code = try await process.end(SIGTERM)
            #expect(code == 0)
            #expect(process.count("stopped") == 1)
        }
        withExtendedLifetime(server) {}
    }
    #endif

    @Test("one exchange by 'sync' brings each side what the other one has, by name and address")
    func once() async throws {
        let devices = [try SyncDevice("phone", .sqlite), try SyncDevice("server", .sqlite)]
        for device in devices { try await device.join(devices, dialling: []) }
        #expect(try devices[0].run("add", "from the phone").status == 0)
        #expect(try devices[1].run("add", "from the server").status == 0)
        let process = try devices[1].serve()
        try await process.wait(for: "started")
        let first = try devices[0].run("sync", devices[1].address, "--json")
        #expect(first.status == 0)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
        #expect(report["received"] as? Int == 1)
        #expect(report["sent"] as? Int == 1)
        #expect(try listed(devices[0], "from the server"))
        try await wait(until: devices[1], lists: "from the phone")
        // A second time there is nothing to do.
        let second = try devices[0].run("sync", devices[1].address)
        #expect(second.output.hasPrefix("0 entries (0 B) came from "))
        try await process.end(SIGTERM)
        // With nobody there it fails.
        #expect(try devices[0].run("sync", "server").status == 1)
    }

    @Test("kill -9 of either side while notes travel loses nothing and doubles nothing")
    func kills() async throws {
        let (rounds, files) = (Soak.count(10, soak: 50), 40)
        let devices = [try SyncDevice("phone", .sqlite), try SyncDevice("server", .sqlite)]
        try await devices[0].join(devices, dialling: [devices[1]])
        try await devices[1].join(devices, dialling: [])
        var processes = try devices.map { try $0.serve() }
        try await processes[1].wait(for: "connected")
        var generator = Generator(seed: 1)
        for round in 0..<rounds {
            let tree = devices[0].folder.file("tree-\(round)")
            try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
            for number in 0..<files {
                let text = "note \(number) of round \(round) " + String(repeating: "x", count: 500 * number)
                try text.write(toFile: "\(tree)/\(number).txt", atomically: false, encoding: .utf8)
            }
            let writer = try devices[0].process(["import", tree])
            writer.standardOutput = FileHandle.nullDevice
            try writer.run()
            try await Task.sleep(for: .milliseconds(Int.random(in: 50..<400, using: &generator)))
            let victim = Int.random(in: 0...1, using: &generator)
            let signal = try await processes[victim].end(SIGKILL)
            #expect(signal == SIGKILL)
            processes[victim] = try devices[victim].serve()
            try await processes[victim].wait(for: "started")
            while writer.isRunning { try await Task.sleep(for: .milliseconds(10)) }
            #expect(writer.terminationStatus == 0)
        }
        for _ in 0..<200 where try devices[1].statistics("notes") != rounds * files {
            try await Task.sleep(for: .milliseconds(100))
        }
        var roots: Set<Substring> = []
        for device in devices {
            #expect(try device.statistics("notes") == rounds * files)
            #expect(try device.statistics("entries") == rounds * files)
            let verified = try device.run("verify")
            #expect(verified.status == 0)
            roots.formUnion(verified.output.split(separator: "\n").filter { $0.hasPrefix("root hash ") })
        }
        #expect(roots.count == 1)
        for process in processes { try await process.end(SIGTERM) }
    }
}
#endif
