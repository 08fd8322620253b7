#if AWS && SQLite
internal import Foundation
internal import Testing

extension ProgramTests {
    @Suite("The profile production-aws")
    struct ProductionProfileTests {
        private let place: ProgramPlace

        init() throws {
            place = try ProgramTests.place()
        }

        private func rootHash(_ profile: String) throws -> String {
            let info = try place.run("aura", "journal", "info", "profile:\(profile)", "--json").json
            return try #require(info["rootHash"] as? String)
        }

        @Test("a notebook moves from embedded to AWS with its history, and the root hashes are equal")
        func migration() throws {
            let (here, there) = ("embedded", "production-aws")
            try place.run("fieldnotes", "add", "Two herons at the weir", "--tag", "birds", "--profile", here)
            let listed = try place.run("fieldnotes", "list", "--json", "--profile", here).output
            let notes = try #require(try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
            let note = try #require(notes.first?["id"] as? String)
            try place.run("fieldnotes", "edit", note, "Three herons", "--profile", here)
            // Its chunks are large payloads, which lie in the bucket there.
            try place.write(String(repeating: "herons at the weir\n", count: 20_000), to: "large.txt")
            try place.run("fieldnotes", "import", ".", "--profile", here)

            let missing = try place.run("aura", "cloud", "setup", "--profile", there, exitCode: 1)
            #expect(missing.output.split(separator: "\n").count { $0.contains("is missing") } == 9)
            let made = try place.run("aura", "cloud", "setup", "--create", "--profile", there)
            #expect(made.output.split(separator: "\n").count { $0.contains("was made") } == 9)
            let present = try place.run("aura", "cloud", "setup", "--profile", there)
            #expect(present.output.split(separator: "\n").count { $0.contains("is there") } == 9)

            let copied = try place.run("aura", "journal", "copy", "profile:\(here)", "profile:\(there)", "--json").json
            #expect(copied["isEqual"] as? Bool == true)
            #expect(try rootHash(here) == rootHash(there))
            let stored = "PUT /\(place.prefix)-storage/journal/"
            #expect(try place.server.state.requests.contains { $0.hasPrefix(stored) })
            for command in ["list", "stats"] {
                let answer = try place.run("fieldnotes", command, "--json", "--profile", there).output
                #expect(try answer == place.run("fieldnotes", command, "--json", "--profile", here).output)
            }
            try place.run("fieldnotes", "verify", "--profile", there)
            // It goes on there.
            try place.run("fieldnotes", "add", "A kingfisher", "--profile", there)
            #expect(try rootHash(here) != rootHash(there))
        }
    }
}
#endif
