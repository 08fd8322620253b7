#if AWS && SQLite
internal import Foundation
internal import Testing

extension ProgramTests {
    @Suite("Secrets of a program that runs on AWS")
    struct ProcessListTests {
        /// The arguments and names of all processes and threads, as everybody on the machine sees them.
        private func processes() -> String {
            let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            var text = ""
            for number in numbers where Int(number) != nil {
                let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/task")) ?? []
                for file in ["cmdline", "comm"] + threads.map({ "task/\($0)/comm" }) {
                    // One that has ended meanwhile has none.
                    text += (try? String(contentsOfFile: "/proc/\(number)/\(file)", encoding: .utf8)) ?? ""
                }
            }
            return text.replacingOccurrences(of: "\0", with: " ")
        }

        @Test("stand in no list of processes, and in nothing that it prints")
        func nowhere() throws {
            let place = try ProgramTests.place()
            let (profile, secret) = ("production-aws", StoreServer.secretAccessKey)
            try place.run("aura", "cloud", "setup", "--create", "--profile", profile)
            let listing = "GET /\(place.prefix)-objects"
            try place.server.set([StoreServer.Fault(match: listing, delay: 50)])
            let arguments = ["cloud", "ls", place.prefix, "--profile", profile, "--log-level", "trace"]
            let running = try place.start("aura", arguments)
            try place.waitForRequest { $0.hasPrefix(listing) }
            let listed = processes()
            #expect(listed.contains(place.prefix))
            #expect(!listed.contains(secret))
            try place.server.set([])
            let outcome = try running.end()
            #expect(!(outcome.output + outcome.errors).contains(secret))
        }
    }
}
#endif
