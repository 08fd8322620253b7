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
        for _ in 0..<600 {
            if try listed(device, text) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("\(device.name) does not list '\(text)'")
    }

    /// Waits until a device has so many notes.
    private func wait(until device: SyncDevice, has notes: Int) async throws {
        for _ in 0..<600 {
            if try device.statistics("notes") == notes { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        let found = try device.statistics("notes") ?? 0
        Issue.record("\(device.name) has \(found) of \(notes) notes")
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
        // The relay passes on at once what it projects for itself when it gets to it.
        try await processes[1].wait(for: "projected")
        #expect(try devices[2].run("add", "One heron at the mill").status == 0)
        try await wait(until: devices[0], lists: "One heron at the mill")
        try await processes[1].wait(for: "projected", count: 2)
        for process in processes {
            let code = try await process.end(SIGTERM)
            #expect(code == 0)
            // Its last words may be read after its end.
            try await process.wait(for: "stopped")
            #expect(process.count("stopped") == 1)
        }
        withExtendedLifetime(server) {}
    }

    @Test(
        "kill -9 of any of three processes, on SQLite, in memory and on PostgreSQL, loses nothing: their root hashes become equal"
    )
    func killsOfThreeProfiles() async throws {
        let (rounds, files) = (Soak.count(6, soak: 50), 10)
        let server = try DatabaseServer()
        let devices = [
            try SyncDevice("phone", .sqlite), try SyncDevice("relay", .memory),
            try SyncDevice("server", .postgresql(url: server.url)),
        ]
        // What the relay had in memory when it was killed comes back from the others.
        try await devices[0].join(devices, dialling: [devices[1]])
        try await devices[1].join(devices, dialling: [])
        try await devices[2].join(devices, dialling: [devices[1]])
        var processes = try devices.map { try $0.serve() }
        try await processes[1].wait(for: "connected", count: 2)
        var generator = Generator(seed: 2)
        for round in 0..<rounds {
            let writers = try [devices[0], devices[2]].map { try writer($0, round, files) }
            for writer in writers { try writer.run() }
            try await Task.sleep(for: .milliseconds(Int.random(in: 50..<400, using: &generator)))
            // Each in turn, so that a few rounds meet all of them.
            let victim = round % 3
            #expect(try await processes[victim].end(SIGKILL) == SIGKILL)
            processes[victim] = try devices[victim].serve()
            try await processes[victim].wait(for: "started")
            for writer in writers {
                while writer.isRunning { try await Task.sleep(for: .milliseconds(10)) }
                #expect(writer.terminationStatus == 0)
            }
        }
        let written = 2 * rounds * files
        for device in [devices[0], devices[2]] {
            try await wait(until: device, has: written)
            #expect(try device.statistics("entries") == written)
        }
        let root = try root(of: devices[0])
        #expect(try self.root(of: devices[2]) == root)
        for _ in 0..<600 where processes[1].last("projected", "rootHash") != root {
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(processes[1].last("projected", "rootHash") == root)
        for process in processes { try await process.end(SIGTERM) }
        withExtendedLifetime(server) {}
    }
    #endif

    /// A process that imports files of a round's own.
    private func writer(_ device: SyncDevice, _ round: Int, _ files: Int) throws -> Process {
        let tree = device.folder.file("tree-\(round)")
        try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
        for number in 0..<files {
            let text =
                "note \(number) of round \(round) on \(device.name) " + String(repeating: "x", count: 500 * number)
            try text.write(toFile: "\(tree)/\(number).txt", atomically: false, encoding: .utf8)
        }
        let writer = try device.process(["import", tree])
        writer.standardOutput = FileHandle.nullDevice
        return writer
    }

    /// The root hash of a device's journal, all of which is sound.
    private func root(of device: SyncDevice) throws -> String {
        let verified = try device.run("verify")
        #expect(verified.status == 0)
        let line = try #require(verified.output.split(separator: "\n").first { $0.hasPrefix("root hash ") })
        return String(line.dropFirst("root hash ".count))
    }

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
            let writer = try writer(devices[0], round, files)
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
        try await wait(until: devices[1], has: rounds * files)
        for device in devices {
            #expect(try device.statistics("notes") == rounds * files)
            #expect(try device.statistics("entries") == rounds * files)
        }
        #expect(try root(of: devices[0]) == root(of: devices[1]))
        for process in processes { try await process.end(SIGTERM) }
    }
}
#endif
