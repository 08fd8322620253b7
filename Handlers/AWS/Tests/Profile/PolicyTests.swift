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
            // Who the credentials belong to everybody may ask.
            return Set(all.filter { $0.action != "sts:GetCallerIdentity" })
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
            // Commits, their large payloads and values that are sent in parts take these where another one overtakes them, or they
            // fail.
            let inParts: Set<Taken> = [
                Taken(action: "s3:DeleteObject", resource: "arn:aws:s3:::\(place.prefix)-storage/*"),
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

        @Test("so it is for notices by the queue and by a topic, and for functions")
        func messaging() throws {
            try place.run("aura", "cloud", "setup", "--create", "--profile", profile)
            try place.server.forgetActions()
            try messages()
            try notices()
            let function = "echo-\(place.prefix)"
            #expect(try aura("function", "invoke", function, "{\"a\":1}").output == "{\"a\":1}")
            try aura("function", "invoke", function, "{}", "--no-wait")
            try items()
            let own = try policy("journal.durable", "storage")
            let allowed = try policy("queue", "topics", "functions", "keyValues")
            let taken = try taken()
            #expect(taken.subtracting(allowed).subtracting(own).map(\.description).sorted() == [])
            #expect(allowed.subtracting(taken).map(\.description).sorted() == [])
        }

        /// Puts, reads and removes an item.
        private func items() throws {
            try aura("kv", "put", "albums", "1", "{\"stars\": 5}")
            try aura("kv", "get", "albums", "1")
            try aura("kv", "query", "albums")
            try aura("kv", "delete", "albums", "1")
        }

        @discardableResult
        private func aura(_ arguments: String...) throws -> ProgramPlace.Outcome {
            try place.run("aura", ["cloud"] + arguments + ["--profile", profile])
        }

        /// Uses the queue up to its dead letters.
        private func messages() throws {
            try aura("queue", "send", "no notice")
            for _ in 0..<5 { try aura("queue", "extend", receipt(), "--by", "0s") }
            try aura("queue", "send", "another")
            for receipt in [try receipt(), try receipt("--dead-letters")] {
                try aura("queue", "extend", receipt, "--by", "20m")
                try aura("queue", "delete", receipt)
            }
        }

        /// Receives a message.
        private func receipt(_ options: String...) throws -> String {
            let arguments = ["cloud", "queue", "receive", "--json", "--profile", profile] + options
            return try #require(try place.run("aura", arguments).json["receipt"] as? String)
        }

        /// Announces a note to a worker's subscription, beside what is no notice.
        private func notices() throws {
            let (topic, worker) = ("\(place.prefix)-notices", "\(place.prefix)-search")
            let from = ["--topic", topic, "--subscription", worker]
            let work = ["work", "--once", "--json", "--profile", profile] + from
            // The worker has an index of its own.
            let own = ["AURA_STORAGE_PREFIX": "worker/"]
            #expect(try place.run("fieldnotes", work, settings: own).output.isEmpty)
            try place.run("fieldnotes", "add", "A heron at the weir", "--profile", profile)
            try place.run("fieldnotes", "announce", "--topic", topic, "--profile", profile)
            #expect(try place.run("fieldnotes", work, settings: own).json["indexed"] as? Int == 1)
            try aura("topic", "publish", topic, "no notice")
            // It is dropped once it was delivered five times.
            #expect(try place.run("fieldnotes", work, settings: own).output.split(separator: "\n").count == 5)
            // The queue, to which another worker listens.
            try place.run("fieldnotes", "add", "A kingfisher", "--profile", profile)
            try place.run("fieldnotes", "announce", "--profile", profile)
            let byQueue = ["work", "--once", "--json", "--profile", profile]
            let queued = try place.run("fieldnotes", byQueue, settings: ["AURA_STORAGE_PREFIX": "another/"])
            #expect(try queued.json["indexed"] as? Int == 1)
            try aura("topic", "create", topic)
            #expect(try aura("topic", "subscriptions", topic).output.hasPrefix(worker))
            try aura("topic", "subscribe", worker, topic)
            try aura("topic", "unsubscribe", worker)
            try aura("topic", "remove", topic)
        }

        @Test("without needs the policy is for all of the profile, on its own resources alone")
        func whole() throws {
            let allowed = try policy()
            let name = place.prefix
            // What SNS has for all of an account alone.
            let wide = Set(allowed.filter { !$0.resource.contains(name) }.map(\.description))
            let ofAccount = ["GetSubscriptionAttributes", "ListSubscriptions", "Unsubscribe"]
            #expect(wide == Set(ofAccount.map { "sns:\($0) on *" }))
            let queue = "arn:aws:sqs:us-east-1:123456789012:\(name)"
            #expect(allowed.contains(Taken(action: "sqs:SendMessage", resource: "\(queue)-queue")))
            #expect(allowed.contains(Taken(action: "sqs:ReceiveMessage", resource: "\(queue)-dead")))
            #expect(!allowed.contains(Taken(action: "sqs:SendMessage", resource: "\(queue)-dead")))
            #expect(allowed.contains(Taken(action: "s3:ListBucket", resource: "arn:aws:s3:::\(name)-objects")))
        }
    }
}
#endif
