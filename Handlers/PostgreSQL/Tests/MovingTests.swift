#if PostgreSQL && SQLite
internal import Foundation
internal import Testing

@Suite("Moving between profiles")
struct MovingTests {
    private let folder: TemporaryFolder
    private let server: LocalServer
    private let fieldnotes: BuiltProgram
    private let aura: BuiltProgram
    private let schema: String

    init() throws {
        folder = try TemporaryFolder()
        server = try LocalServer.shared
        let environment = ["DATABASE_URL": server.url()]
        fieldnotes = BuiltProgram(name: "fieldnotes", folder: folder, environment: environment)
        aura = BuiltProgram(name: "aura", folder: folder, environment: environment)
        schema = server.newSchema()
        let both = """
            time: { handler: system }
            random: { handler: system }
            folder: { handler: posix }

            """
        try """
        profile: phone
        environment: mobile
        journal: { handler: sqlite, path: journal.db }
        storage: { handler: sqlite, path: storage.db }
        \(both)
        """
        .write(toFile: folder.file("phone.yaml"), atomically: true, encoding: .utf8)
        try """
        profile: server
        environment: server
        journal: { handler: postgresql, url: "${secret:DATABASE_URL}", schema: \(schema), tls: disable }
        storage: { handler: postgresql, url: "${secret:DATABASE_URL}", schema: \(schema), tls: disable }
        \(both)
        """
        .write(toFile: folder.file("server.yaml"), atomically: true, encoding: .utf8)
    }

    private func rootHash(_ profile: String) throws -> String {
        let info = try aura("journal", "info", "profile:\(folder.file(profile))", "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(info.utf8)) as? [String: Any])
        return try #require(object["rootHash"] as? String)
    }

    @Test("a notebook moves from a phone's SQLite to the server with its history, and the root hashes are equal")
    func phoneToServer() throws {
        let phone = ["--profile", folder.file("phone.yaml")]
        try fieldnotes("add", "Two herons at the weir", "--tag", "birds", phone[0], phone[1])
        try fieldnotes("add", "Robert'); DROP TABLE journal_entries;--", phone[0], phone[1])
        let listed = try fieldnotes("list", "--json", phone[0], phone[1])
        let notes = try #require(try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
        let note = try #require(notes.first?["id"] as? String)
        try fieldnotes("edit", note, "Three herons", phone[0], phone[1])

        try aura("journal", "copy", "profile:\(folder.file("phone.yaml"))", "profile:\(folder.file("server.yaml"))")
        try aura("storage", "copy", "profile:\(folder.file("phone.yaml"))", "profile:\(folder.file("server.yaml"))")
        #expect(try rootHash("phone.yaml") == rootHash("server.yaml"))

        let there = ["--profile", folder.file("server.yaml")]
        for command in ["list", "stats"] {
            #expect(
                try fieldnotes(command, "--json", there[0], there[1])
                    == fieldnotes(command, "--json", phone[0], phone[1])
            )
        }
        #expect(
            try fieldnotes("history", note, "--json", there[0], there[1])
                == fieldnotes("history", note, "--json", phone[0], phone[1])
        )
        try fieldnotes("verify", there[0], there[1])
        // It goes on there, under the server's own origin.
        try fieldnotes("add", "A kingfisher", there[0], there[1])
        #expect(try rootHash("phone.yaml") != rootHash("server.yaml"))
    }

    @Test("a recording made on the server replays without a database")
    func replay() throws {
        let own = try LocalServer()
        let recording = folder.file("run.jsonl")
        let online = BuiltProgram(name: "fieldnotes", folder: folder, environment: ["DATABASE_URL": own.url()])
        try online("add", "Two herons at the weir", "--profile", folder.file("server.yaml"))
        let shown = try online("list", "--json", "--profile", folder.file("server.yaml"), "--record", recording)
        #expect(shown.contains("herons"))
        try own.stop()
        let offline = BuiltProgram(name: "fieldnotes", folder: folder, environment: [:])
        #expect(try offline("list", "--json", "--replay", recording) == shown)
        try online("list", "--profile", folder.file("server.yaml"), exitCode: 1)
    }

    @Test("'aura database' looks at the tables, makes them, and says in its exit code whether they fit")
    func database() throws {
        let location = "profile:\(folder.file("server.yaml"))"
        let before = try aura("database", "status", location, exitCode: 1)
        #expect(before.contains("has no tables of Aura"))
        #expect(!before.contains(server.password))
        #expect(try aura("database", "migrate", location).contains("from version 0 to 3"))
        #expect(try aura("database", "migrate", location).contains("nothing was changed"))
        let status = try aura("database", "status", location, "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(status.utf8)) as? [String: Any])
        #expect(object["version"] as? Int == 3)
        #expect(object["isUsable"] as? Bool == true)
        // Storage in a schema of its own is seen to as well.
        let apart = folder.file("apart.yaml")
        try String(contentsOfFile: folder.file("server.yaml"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("storage:") ? String($0).replacing(schema, with: server.newSchema()) : String($0) }
            .joined(separator: "\n")
            .write(toFile: apart, atomically: true, encoding: .utf8)
        let both = try aura("database", "status", "profile:\(apart)", exitCode: 1)
        #expect(both.contains("they fit") && both.contains("has no tables of Aura"))
        #expect(try aura("database", "migrate", "profile:\(apart)").contains("from version 0 to 3"))
        let fitting = try aura("database", "status", "profile:\(apart)")
        #expect(fitting.split(separator: "\n").count { $0.contains("they fit") } == 2)
        // A handler that keeps nothing in a server has nothing to migrate.
        try aura("database", "status", "profile:\(folder.file("phone.yaml"))", exitCode: 1)
    }
}
#endif
