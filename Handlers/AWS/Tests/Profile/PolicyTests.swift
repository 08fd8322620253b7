#if AWS && SQLite
internal import Foundation
internal import Testing

extension ProgramTests {
    @Suite("The policy of a profile")
    struct PolicyTests {
        /// What is allowed, or was taken: an action on a resource.
        private struct Taken: Hashable, CustomStringConvertible {
            var action: String
            var resource: String

            var description: String { "\(action) on \(resource)" }
        }

        private let place: ProgramPlace
        private let profile = "production-aws"

        init() throws {
            place = try ProgramTests.place()
        }

        private func policy(_ needs: String...) throws -> Set<Taken> {
            let arguments = ["policy", "aws", profile, "--account", "123456789012"] + needs.flatMap { ["--need", $0] }
            let document = try place.run("aura", arguments).json
            #expect(document["Version"] as? String == "2012-10-17")
            let statements = try #require(document["Statement"] as? [[String: Any]])
            return try Set(
                statements.flatMap { statement in
                    #expect(statement["Effect"] as? String == "Allow")
                    let actions = try #require(statement["Action"] as? [String])
                    let resources = try #require(statement["Resource"] as? [String])
                    return resources.flatMap { resource in actions.map { Taken(action: $0, resource: resource) } }
                }
            )
        }

        /// What the check of signatures saw since it was told to forget.
        private func taken() throws -> Set<Taken> {
            let all = try place.server.state.actions.map { Taken(action: $0.action, resource: $0.resource) }
            return Set(all.filter { $0.resource.contains(place.prefix) })
        }

        @Test("nothing is taken that the policy lacks, and the policy has nothing that is not taken")
        func exact() throws {
            try place.run("aura", "cloud", "setup", "--create", "--profile", profile)
            try place.server.forgetActions()
            try place.run("fieldnotes", "add", "Two herons at the weir", "--profile", profile)
            let listed = try place.run("fieldnotes", "list", "--json", "--profile", profile).output
            let notes = try #require(try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
            let note = try #require(notes.first?["id"] as? String)
            try place.write(String(repeating: "a heron ", count: 20), to: "heron.jpg")
            try place.run("fieldnotes", "attach", note, "heron.jpg", "--profile", profile)
            try place.run("fieldnotes", "detach", note, "heron.jpg", "--profile", profile)
            try place.run("aura", "cloud", "ls", "--profile", profile)
            try place.run("aura", "cloud", "cp", "heron.jpg", "cloud:heron.jpg", "--profile", profile)
            try place.run("aura", "cloud", "cat", "heron.jpg", "--profile", profile)
            try place.run("aura", "storage", "put", "profile:\(profile)", "key", "value")
            try place.run("aura", "storage", "rm", "profile:\(profile)", "key")
            try failing()
            let (allowed, taken) = (try policy("journal.durable", "storage", "objects"), try taken())
            #expect(taken.subtracting(allowed).map(\.description).sorted() == [])
            // Commits and values that are sent in parts take these where another one overtakes them, or they fail.
            let inParts: Set<Taken> = [
                Taken(
                    action: "dynamodb:DeleteItem",
                    resource: "arn:aws:dynamodb:us-east-1:123456789012:table/\(place.prefix)-journal"
                ),
                Taken(action: "s3:AbortMultipartUpload", resource: "arn:aws:s3:::\(place.prefix)-storage/*"),
            ]
            #expect(allowed.subtracting(taken).subtracting(inParts).map(\.description).sorted() == [])
        }

        /// What is sent in parts, and dropped where that fails.
        private func failing() throws {
            try place.write(String(repeating: "a heron ", count: 800_000), to: "large.jpg")
            let parts = StoreServer.Fault(match: "partNumber", times: 100, status: 400, code: "InvalidArgument")
            try place.server.set([parts])
            let copy = ["cloud", "cp", "large.jpg", "cloud:large.jpg", "--profile", profile]
            try place.run("aura", copy + ["--part-size", "5MiB"], exitCode: 1)
            try place.run("aura", copy + ["--abort"])
            try place.server.set([])
        }

        @Test("without needs the policy is for all of the profile, on its own resources alone")
        func whole() throws {
            let allowed = try policy()
            let name = place.prefix
            #expect(allowed.allSatisfy { $0.resource.contains(name) })
            let queue = "arn:aws:sqs:us-east-1:123456789012:\(name)"
            #expect(allowed.contains(Taken(action: "sqs:SendMessage", resource: "\(queue)-queue")))
            #expect(allowed.contains(Taken(action: "sqs:ReceiveMessage", resource: "\(queue)-dead")))
            #expect(!allowed.contains(Taken(action: "sqs:SendMessage", resource: "\(queue)-dead")))
            #expect(allowed.contains(Taken(action: "s3:ListBucket", resource: "arn:aws:s3:::\(name)-objects")))
        }
    }
}
#endif
