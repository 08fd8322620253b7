#if SQLite
internal import Foundation
internal import Testing

@Suite("Attachments of the built application on SQLite")
struct BinaryAttachmentTests {
    private let application: BuiltApplication

    init() throws {
        application = try BuiltApplication()
    }

    private func addObjects() throws {
        let path = application.folder.file("profile.yaml")
        let profile = try String(contentsOfFile: path, encoding: .utf8)
        let over = "{ handler: sqlite, path: \(application.folder.file("objects.db")) }"
        let objects = "\ncloud: { objects: { handler: stored, over: \(over) } }\n"
        try (profile + objects).write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func add() throws -> String {
        let added = try application.json(try application.run("add", "Two herons", "--json").output)
        return try #require(added["id"] as? String)
    }

    @Test("a file is attached, listed, fetched and detached")
    func commands() throws {
        try addObjects()
        let id = try add()
        let bytes = Data((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        try bytes.write(to: URL(fileURLWithPath: application.folder.file("heron.jpg")))
        let file = application.folder.file("heron.jpg")
        let attached = try application.run("attach", id, file, "--type", "image/jpeg", "--json")
        #expect(attached.status == 0, "\(attached)")
        let json = try application.json(attached.output)
        #expect(json["name"] as? String == "heron.jpg")
        #expect(json["bytes"] as? Int == 700_000)
        let listed = try application.run("fetch", id).output
        #expect(listed.hasPrefix("heron.jpg  68") && listed.hasSuffix("  image/jpeg\n"), "\(listed)")
        let folder = application.folder.file("out")
        #expect(try application.run("fetch", id, "heron.jpg", "--to", folder).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/heron.jpg")) == bytes)
        #expect(try application.run("history", id).output.contains("attached 'heron.jpg'"))
        #expect(try application.run("detach", id, "heron.jpg").status == 0)
        #expect(try application.runWithMessages(["fetch", id]).messages.contains("Nothing is attached"))
        #expect(try application.run("fetch", id, "heron.jpg").status == 1)
        #expect(try application.run("detach", id).output == "0 removed, 0 that no entry here knows\n")
        #expect(try application.run("verify").status == 0)
    }

    @Test("a profile without objects says what to add, and does everything else")
    func noObjects() throws {
        let id = try add()
        try Data([1]).write(to: URL(fileURLWithPath: application.folder.file("f")))
        let refused = try application.runWithMessages(["attach", id, application.folder.file("f")])
        #expect(refused.status == 1)
        #expect(refused.messages.contains("handler: stored"), "\(refused.messages)")
        #expect(try application.run("verify").status == 0)
    }

    @Test("a file that is not there attaches nothing")
    func missing() throws {
        try addObjects()
        let id = try add()
        #expect(try application.run("attach", id, application.folder.file("none")).status == 1)
        #expect(try application.runWithMessages(["fetch", id]).messages.contains("Nothing is attached"))
    }
}
#endif
