#if SQLite
internal import Foundation
internal import Testing

/// What every command has in common: help, usage errors, completions.
struct CommandLineTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
    }

    static let commands =
        [
            [], ["journal"], ["journal", "info"], ["journal", "tail"], ["journal", "verify"], ["journal", "compact"],
            ["journal", "backup"], ["journal", "restore"], ["journal", "adopt"], ["journal", "export"],
            ["journal", "import"],
            ["journal", "copy"], ["storage"], ["storage", "ls"],
            ["storage", "get"], ["storage", "put"], ["storage", "rm"], ["storage", "copy"], ["profile"],
            ["profile", "list"],
            ["profile", "show"], ["profile", "check"], ["cloud"], ["cloud", "ls"], ["cloud", "cp"], ["cloud", "cat"],
            ["cloud", "rm"], ["cloud", "presign"], ["cloud", "kv"], ["cloud", "kv", "get"], ["cloud", "kv", "put"],
            ["cloud", "kv", "delete"], ["cloud", "kv", "query"], ["cloud", "queue"], ["cloud", "queue", "send"],
            ["cloud", "queue", "receive"], ["cloud", "queue", "delete"], ["cloud", "queue", "extend"],
            ["cloud", "topic"], ["cloud", "topic", "publish"], ["cloud", "topic", "subscriptions"],
            ["cloud", "topic", "create"], ["cloud", "topic", "remove"], ["cloud", "topic", "subscribe"],
            ["cloud", "topic", "unsubscribe"],
            ["cloud", "function"], ["cloud", "function", "invoke"], ["cloud", "setup"], ["policy"], ["policy", "aws"],
            ["database"], ["database", "status"], ["database", "migrate"],
            ["completions"],
            ["keys"], ["keys", "create"], ["keys", "list"], ["keys", "rotate"], ["keys", "export-public"], ["time"],
        ] + identity

    #if OpenSSL
    private static let identity = [
        ["identity"], ["identity", "create"], ["identity", "show"], ["identity", "trust"], ["identity", "revoke"],
    ]
    #else
    private static let identity: [[String]] = []
    #endif

    @Test("every command has help with examples that name it", arguments: CommandLineTests.commands)
    func help(command: [String]) throws {
        let outcome = try AuraProcess(command + ["--help"], in: place).wait()
        #expect(outcome.code == 0)
        let example = (["aura"] + command).joined(separator: " ")
        let parts = outcome.output.components(separatedBy: "Examples:")
        #expect(parts.count == 2)
        #expect(parts.last?.contains("  \(example) ") == true || parts.last?.contains("  \(example)\n") == true)
    }

    @Test("the help of each group lists its commands, so that none is forgotten here")
    func groups() throws {
        let cloud = ["kv", "queue", "topic", "function"].map { ["cloud", $0] }
        for group in Self.commands where group.count < 2 || cloud.contains(group) {
            let outcome = try AuraProcess(group + ["--help"], in: place).wait()
            let section = outcome.output.components(separatedBy: "SUBCOMMANDS:\n").dropFirst().first ?? ""
            let listed = section.components(separatedBy: "\n\n")[0].split(separator: "\n")
                .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
                .compactMap { $0.split(separator: " ").first.map(String.init) }
            for name in listed where group != ["completions"] {
                #expect(Self.commands.contains(group + [name]), "\(group + [name])")
            }
        }
    }

    @Test(
        "wrong usage ends with 64",
        arguments: [
            ["journal", "info"], ["journal", "nothing"], ["journal", "tail", "sqlite:a.db", "--limit", "0"],
            ["storage", "put", "sqlite:a.db", "key", "value", "--if-absent", "--if-revision", "1"],
            ["storage", "rm", "sqlite:a.db", "a", "b", "--if-revision", "1"],
            ["storage", "ls", "sqlite:a.db", "--limit", "0"],
            ["completions", "dosh"], ["profile", "show", "dev", "--need", "nonsense"],
        ]
    )
    func usage(command: [String]) throws {
        let outcome = try AuraProcess(command, in: place).wait()
        #expect(outcome.code == 64)
        #expect(outcome.errors.hasPrefix("error: "))
        let asJSON = try AuraProcess(command + ["--json"], in: place).wait()
        #expect(asJSON.code == 64)
        #expect(try asJSON.jsonError["code"] as? String == "usage")
        #expect(try place.names == [])
    }

    @Test("completion scripts name the commands, and bash reads its own")
    func completions() throws {
        for shell in ["bash", "zsh", "fish"] {
            let outcome = try place.aura("completions", shell)
            #expect(outcome.code == 0)
            for word in ["journal", "restore", "storage", "--follow"] {
                let isThere = outcome.output.contains(
                    shell == "fish" ? word.replacingOccurrences(of: "--", with: "") : word
                )
                #expect(isThere, "\(shell) \(word)")
            }
        }
        try place.write(try place.aura("completions", "bash").output, to: "aura.bash")
        let bash = Process()
        bash.executableURL = URL(fileURLWithPath: "/bin/bash")
        bash.arguments = ["-n", place.file("aura.bash")]
        try bash.run()
        bash.waitUntilExit()
        #expect(bash.terminationStatus == 0)
    }
}
#endif
