#if SQLite
internal import Foundation
internal import Testing

/// `cloud ls`, `cp`, `cat`, `rm` and `presign`, and `profile check --live`.
struct CloudTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write(
            """
            profile: test
            environment: embedded
            cloud:
              objects:
                default: { handler: stored, over: { handler: sqlite, path: objects.db } }
                archive: { handler: stored, over: { handler: filesystem, path: archive } }
                passing: { handler: memory }
            time: { handler: system }
            random: { handler: system }
            """,
            to: "test.yaml"
        )
    }

    private func cloud(_ arguments: String..., input: Data = Data()) throws -> AuraProcess.Outcome {
        try AuraProcess(["cloud"] + arguments + ["--profile", "test.yaml"], in: place, input: input).wait()
    }

    private func bytes(_ count: Int) -> Data {
        var state: UInt64 = 1
        return Data(
            (0..<count)
                .map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: state >> 33)
                }
        )
    }

    private func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(fileURLWithPath: place.file(name)))
    }

    private func contents(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: place.file(name)))
    }

    @Test("what is copied to the cloud is copied back byte by byte, and listed with its size")
    func roundTrip() throws {
        let data = bytes(300_000)
        try write(data, to: "a file.bin")
        let sent = try cloud("cp", "a file.bin", "cloud:reports/", "--content-type", "text/x", "--json")
        #expect(sent.code == 0, "\(sent.output) \(sent.errors)")
        #expect(try sent.json["key"] as? String == "reports/a file.bin")
        #expect(try sent.json["bytes"] as? Int == 300_000)
        let listed = try cloud("ls", "reports/", "--json").jsonLines
        #expect(listed.map { $0["key"] as? String } == ["reports/a file.bin"])
        #expect(listed.first?["bytes"] as? Int == 300_000)
        #expect(try cloud("cp", "cloud:reports/a file.bin", "back.bin").code == 0)
        #expect(try contents("back.bin") == data)
        #expect(try cloud("cat", "reports/a file.bin").bytes == data)
        let part = try cloud("cat", "reports/a file.bin", "--offset", "299000", "--count", "5000")
        #expect(part.bytes == data.suffix(1000))
        #expect(try cloud("cat", "reports/a file.bin", "--json").json["contentType"] as? String == "text/x")
        #expect(try cloud("cp", "cloud:reports/a file.bin", "cloud:copies/b").code == 0)
        #expect(try cloud("cat", "copies/b").bytes == data)
        #expect(try cloud("ls", "--limit", "1").lines.count == 1)
        let piped = try cloud("cp", "-", "cloud:piped", input: data)
        #expect(piped.code == 0, "\(piped.errors)")
        #expect(try cloud("cp", "cloud:piped", "-").bytes == data)
        // What only reads makes no bucket.
        #expect(try cloud("ls", "--instance", "archive").code == 66)
        #expect(!place.exists("archive"))
    }

    @Test("conditions hold, and what is not there ends with 66")
    func conditions() throws {
        try write(Data("1".utf8), to: "f")
        #expect(try cloud("cp", "f", "cloud:a", "--if-absent").code == 0)
        let again = try cloud("cp", "f", "cloud:a", "--if-absent", "--json")
        #expect(again.code == 1)
        #expect(try again.jsonError["code"] as? String == "preconditionFailed")
        #expect(try cloud("cp", "cloud:a", "f", "--if-absent").code == 1)
        for arguments in [
            ["cat", "none"], ["cp", "cloud:none", "g"], ["rm", "none"], ["rm", "none/", "--recursive"],
        ] {
            let outcome = try AuraProcess(["cloud"] + arguments + ["--profile", "test.yaml"], in: place).wait()
            #expect(outcome.code == 66, "\(arguments): \(outcome.errors)")
        }
        #expect(!place.exists("g"))
        let missing = try cloud("cp", "nothing", "cloud:b")
        #expect(missing.code == 66)
        #expect(missing.errors.contains("'nothing'"))
    }

    @Test("rm removes objects, alone and by what their keys begin with")
    func remove() throws {
        try write(Data("1".utf8), to: "f")
        for key in ["a/1", "a/2", "b"] { #expect(try cloud("cp", "f", "cloud:\(key)").code == 0) }
        #expect(try cloud("rm", "a/", "--recursive", "--json").jsonLines.count == 2)
        #expect(try cloud("ls", "--json").jsonLines.map { $0["key"] as? String } == ["b"])
        #expect(try cloud("rm", "b").output == "removed b\n")
        #expect(try cloud("ls").output == "")
        #expect(try cloud("rm", "", "--recursive").code == 64)
    }

    /// Uploads 'large' and sends a signal while parts are missing; anew where all were there before the signal came.
    private func interruptUpload(of parts: Int, _ signal: Int32) throws -> (outcome: AuraProcess.Outcome, sent: Int) {
        while true {
            let process = try AuraProcess(
                ["cloud", "cp", "large", "cloud:large", "--part-size", "64 KiB", "--profile", "test.yaml"],
                in: place
            )
            while !place.exists("large.aura-upload"), process.isRunning { usleep(1000) }
            process.send(signal)
            let outcome = process.wait()
            if place.exists("large.aura-upload") {
                let state = try #require(String(data: try contents("large.aura-upload"), encoding: .utf8))
                let sent = state.split(separator: "\n").filter { $0.hasPrefix("part ") }.count
                if sent < parts { return (outcome, sent) }
                try #require(try cloud("cp", "large", "cloud:large", "--abort").code == 0)
            } else {
                try #require(try cloud("rm", "large").code == 0, "\(outcome.errors)")
            }
        }
    }

    @Test("a large file goes in parts, and an upload that was stopped goes on with those that are missing")
    func resumed() throws {
        let data = bytes(6_000_000)
        try write(data, to: "large")
        // What an upload leaves that was stopped: as the command wrote it, with parts taken away.
        let sent = try interruptUpload(of: 92, SIGKILL).sent
        #expect(try cloud("cat", "large").code == 66)
        let resumed = try cloud("cp", "large", "cloud:large", "--part-size", "64 KiB", "--json")
        #expect(resumed.code == 0, "\(resumed.output)")
        #expect(try resumed.json["partsKnown"] as? Int == sent)
        #expect(try resumed.json["parts"] as? Int == 92)
        #expect(!place.exists("large.aura-upload"))
        #expect(try cloud("cat", "large").bytes == data)
    }

    @Test("an interrupted upload says how to go on, and is dropped when asked to")
    func aborted() throws {
        try write(bytes(20_000_000), to: "large")
        let stopped = try interruptUpload(of: 306, SIGINT).outcome
        #expect(stopped.code == 130)
        #expect(stopped.errors.contains("goes on from large.aura-upload"), "\(stopped.errors)")
        let dropped = try cloud("cp", "large", "cloud:large", "--abort")
        #expect(dropped.code == 0, "\(dropped.errors)")
        #expect(!place.exists("large.aura-upload"))
        let again = try cloud("cp", "large", "cloud:large", "--abort")
        #expect(again.code == 66)
        #expect(try cloud("ls").output == "")
    }

    @Test("an upload of a file that has changed begins anew")
    func changed() throws {
        try write(bytes(200_000), to: "f")
        let other = try cloud("cp", "f", "cloud:f", "--part-size", "64 KiB", "--state", "state")
        #expect(other.code == 0, "\(other.errors)")
        try place.write(
            "aura-upload 1\nsource 5 5\nbucket x\nkey f\nupload none\nsize 65536\npart 1 65536 tag\n",
            to: "state"
        )
        let changed = try cloud("cp", "f", "cloud:f", "--part-size", "64 KiB", "--state", "state", "--json")
        #expect(changed.code == 0, "\(changed.output)")
        #expect(try changed.json["partsKnown"] as? Int == 0)
        #expect(try cloud("cat", "f").bytes == bytes(200_000))
    }

    /// Begins to fetch 'large' in small steps, and sends a signal once it is kept how far that is.
    private func interruptDownload(_ signal: Int32) throws -> AuraProcess.Outcome {
        while true {
            let process = try AuraProcess(
                ["cloud", "cp", "cloud:large", "large", "--part-size", "64 KiB", "--profile", "test.yaml"],
                in: place
            )
            while !place.exists("large.aura-download"), process.isRunning { usleep(1000) }
            process.send(signal)
            let outcome = process.wait()
            if place.exists("large.aura-download") { return outcome }
            // All of it was there before the signal came.
            try FileManager.default.removeItem(atPath: place.file("large"))
        }
    }

    @Test("a download that was killed goes on behind what it has kept")
    func resumedDownload() throws {
        let data = bytes(6_000_000)
        try #require(try cloud("cp", "-", "cloud:large", input: data).code == 0)
        #expect(try interruptDownload(SIGKILL).code != 0)
        #expect(!place.exists("large"))
        let kept = try contents("large.aura-part")
        #expect(data.starts(with: kept))
        let resumed = try cloud("cp", "cloud:large", "large", "--json")
        #expect(resumed.code == 0, "\(resumed.output)")
        let known = try #require(try resumed.json["bytesKnown"] as? Int)
        #expect((1...kept.count).contains(known))
        #expect(try contents("large") == data)
        #expect(!place.exists("large.aura-part") && !place.exists("large.aura-download"))
    }

    @Test("an interrupted download says how to go on, and is dropped when asked to")
    func abortedDownload() throws {
        try #require(try cloud("cp", "-", "cloud:large", input: bytes(20_000_000)).code == 0)
        let stopped = try interruptDownload(SIGINT)
        #expect(stopped.code == 130)
        #expect(stopped.errors.contains("goes on from large.aura-download"), "\(stopped.errors)")
        let dropped = try cloud("cp", "cloud:large", "large", "--abort")
        #expect(dropped.code == 0, "\(dropped.errors)")
        for name in ["large", "large.aura-part", "large.aura-download"] { #expect(!place.exists(name)) }
        #expect(try cloud("cp", "cloud:large", "large", "--abort").code == 66)
    }

    @Test("an object that was replaced since is fetched anew, and one that is gone leaves nothing behind")
    func replaced() throws {
        try #require(try cloud("cp", "-", "cloud:large", input: bytes(6_000_000)).code == 0)
        _ = try interruptDownload(SIGKILL)
        let other = Data(bytes(7_000_000).reversed())
        try #require(try cloud("cp", "-", "cloud:large", input: other).code == 0)
        let anew = try cloud("cp", "cloud:large", "large", "--json")
        #expect(anew.code == 0, "\(anew.output)")
        #expect(try anew.json["bytesKnown"] as? Int == 0)
        #expect(try contents("large") == other)

        try FileManager.default.removeItem(atPath: place.file("large"))
        _ = try interruptDownload(SIGKILL)
        try #require(try cloud("rm", "large").code == 0)
        #expect(try cloud("cp", "cloud:large", "large").code == 66)
        for name in ["large", "large.aura-part", "large.aura-download"] { #expect(!place.exists(name)) }
    }

    @Test("what another command left under the part's name is not taken for the object's bytes")
    func foreignPart() throws {
        let data = bytes(300_000)
        try #require(try cloud("cp", "-", "cloud:large", input: data).code == 0)
        try write(Data(repeating: 7, count: 400_000), to: "large.aura-part")
        try place.write(
            "aura-download 1\nfile other\nbucket x\nkey large\nrevision 1\nsize 300000\nhave 1000\n",
            to: "large.aura-download"
        )
        let fetched = try cloud("cp", "cloud:large", "large", "--json")
        #expect(fetched.code == 0, "\(fetched.output)")
        #expect(try fetched.json["bytesKnown"] as? Int == 0)
        #expect(try contents("large") == data)
    }

    @Test("addresses are refused where the handler has none, and printed where it has")
    func presign() throws {
        let refused = try cloud("presign", "a", "--json")
        #expect(refused.code == 1)
        #expect(try refused.jsonError["code"] as? String == "unsupported")
        let given = try cloud("presign", "a", "--instance", "passing", "--expires", "10m", "--json")
        #expect(given.code == 0)
        #expect(try (given.json["url"] as? String)?.hasPrefix("memory:objects/") == true)
        #expect(try given.json["access"] as? String == "get")
    }

    @Test("what the profile does not have is named with what to do")
    func wrong() throws {
        try place.write("profile: bare\nenvironment: embedded\n", to: "bare.yaml")
        let bare = try place.aura("cloud", "ls", "--profile", "bare.yaml")
        #expect(bare.code == 78)
        #expect(bare.errors.contains("has no objects"), "\(bare.errors)")
        #expect(try cloud("ls", "--instance", "none").code == 78)
        let none = try place.aura("cloud", "ls")
        #expect(none.code == 64)
        #expect(none.errors.contains("--profile NAME"))
        for arguments in [
            ["cp", "a", "b"], ["cp", "a", "cloud:b", "--part-size", "many"], ["presign", "a", "--expires", "0s"],
        ] {
            let outcome = try AuraProcess(["cloud"] + arguments + ["--profile", "test.yaml"], in: place).wait()
            #expect(outcome.code == 64, "\(arguments)")
        }
    }

    // MARK: profile check --live

    @Test("a live check asks each handler, and says which one does not answer")
    func live() throws {
        let right = try place.aura("profile", "check", "test.yaml", "--live", "--json")
        #expect(right.code == 0, "\(right.output)")
        let profiles = try #require(try JSONSerialization.jsonObject(with: right.bytes) as? [[String: Any]])
        let probes = try #require(profiles.first?["live"] as? [[String: Any]])
        #expect(probes.count == 5)
        #expect(probes.allSatisfy { $0["ok"] as? Bool == true })
        #expect(probes.contains { $0["found"] as? String == "no objects yet" && $0["answerMilliseconds"] is NSNumber })
        let text = try place.aura("profile", "check", "test.yaml", "--live").output
        #expect(text.contains("ok") && text.contains("made in"))

        try place.write(
            """
            profile: broken
            environment: embedded
            journal: { handler: sqlite, path: /proc/none/journal.db }
            storage: { handler: sqlite, path: storage.db }
            time: { handler: system }
            random: { handler: system }
            """,
            to: "broken.yaml"
        )
        let broken = try place.aura("profile", "check", "broken.yaml", "--live", "--json")
        #expect(broken.code == 1)
        let found = try #require(try JSONSerialization.jsonObject(with: broken.bytes) as? [[String: Any]])
        let states = try #require(found.first?["live"] as? [[String: Any]])
        let journal = try #require(states.first { $0["key"] as? String == "journal" })
        #expect(journal["ok"] as? Bool == false)
        #expect((journal["error"] as? [String: Any])?["message"] is String)
        let storage = try #require(states.first { $0["key"] as? String == "storage" })
        #expect(storage["found"] as? String == "no values yet")
        // Without --live nothing is opened.
        #expect(try place.aura("profile", "check", "broken.yaml").code == 0)
        try place.write("profile: bad\njournal: { handler: sqlit }\n", to: "bad.yaml")
        #expect(try place.aura("profile", "check", "test.yaml", "bad.yaml", "--live").code == 78)
    }
}
#endif
