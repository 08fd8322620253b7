#if AWS && SQLite
internal import Foundation
internal import Testing

extension ProgramTests {
    @Suite("The policy of a profile")
    struct PolicyTests {
        private let place: ProgramPlace
        private let profile = "production-aws"

        init() throws {
            place = try ProgramTests.place()
        }

        /// What Fieldnotes says that it needs, but the effect of its own, which `aura` does not know.
        private func needs() throws -> [String] {
            let answer = try place.run("fieldnotes", "profile", "needs", "--json", "--profile", profile).json
            let needs = try #require(answer["needs"] as? [[String: Any]])
            return
                try needs.map { need in
                    let effect = try #require(need["effect"] as? String)
                    let requirement = try #require(need["requirement"] as? String)
                    return requirement.isEmpty ? effect : "\(effect).\(requirement)"
                }
                .filter { $0 != "folder" }
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
            try overtaken()
            try failing()
            place.expect(try place.taken(), asAllowed: try place.allowed(profile, needs() + ["objects"]))
        }

        /// A large note whose place in the journal's log another one takes meanwhile: what was stored for it is dropped.
        private func overtaken() throws {
            try place.write(String(repeating: "a heron ", count: 20_000), to: "large.txt")
            let (bucket, folder) = ("/\(place.prefix)-storage/", "payload")
            try place.server.set([StoreServer.Fault(match: "PUT \(bucket).*\(folder)", delay: 50)])
            let large = try place.start("fieldnotes", ["add", "--profile", profile], input: "large.txt")
            try place.waitForRequest { $0.hasPrefix("PUT \(bucket)") && $0.contains(folder) }
            try place.run("fieldnotes", "add", "A kingfisher", "--profile", profile)
            try place.server.set([])
            try large.end()
        }

        /// What is sent in parts, and dropped where that fails.
        private func failing() throws {
            try place.write(String(repeating: "a heron ", count: 800_000), to: "large.jpg")
            let parts = StoreServer.Fault(match: "partNumber", times: 100, status: 400, code: "InvalidArgument")
            try place.server.set([parts])
            let copy = ["cloud", "cp", "large.jpg", "cloud:large.jpg", "--profile", profile]
            try place.run("aura", copy + ["--part-size", "5MiB"], exitCode: 1)
            try place.run("aura", copy + ["--abort"])
            try place.run("aura", ["storage", "put", "profile:\(profile)", "large"], exitCode: 1, input: "large.jpg")
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
            let allowed = try place.allowed(profile, ["queue", "topics", "functions", "keyValues"])
            place.expect(try place.taken(), asAllowed: allowed, besides: try place.allowed(profile, needs()))
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
            let allowed = try place.allowed(profile)
            let name = place.prefix
            // What SNS has for all of an account alone.
            let wide = Set(allowed.filter { !$0.resource.contains(name) }.map(\.description))
            let ofAccount = ["GetSubscriptionAttributes", "ListSubscriptions", "Unsubscribe"]
            #expect(wide == Set(ofAccount.map { "sns:\($0) on *" }))
            let queue = "arn:aws:sqs:us-east-1:123456789012:\(name)"
            let described = Set(allowed.map(\.description))
            #expect(described.contains("sqs:SendMessage on \(queue)-queue"))
            #expect(described.contains("sqs:ReceiveMessage on \(queue)-dead"))
            #expect(!described.contains("sqs:SendMessage on \(queue)-dead"))
            #expect(described.contains("s3:ListBucket on arn:aws:s3:::\(name)-objects"))
        }
    }
}
#endif
