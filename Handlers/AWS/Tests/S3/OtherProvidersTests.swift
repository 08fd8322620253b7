#if AWS
internal import Foundation
internal import Testing

@Suite("What another provider has")
struct OtherProvidersTests {
    /// Type-checks a source against the modules of this build; what the compiler says against it.
    private func complaints(_ body: String) throws -> String {
        let build = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let source = FileManager.default.temporaryDirectory.appendingPathComponent("aura-\(UUID().uuidString).swift")
        let text = "import AuraAWS\nimport AuraEffects\nfunc use(_ cloud: AWSCloud) async throws {\n\(body)\n}\n"
        try Data(text.utf8).write(to: source)
        defer { try? FileManager.default.removeItem(at: source) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let compiler = ProcessInfo.processInfo.environment["SWIFTC"] ?? "swiftc"
        let folders = [build.appendingPathComponent("Modules")] + (try Self.moduleMaps(build))
        process.arguments =
            [compiler, "-typecheck", "-swift-version", "6"] + folders.flatMap { ["-I", $0.path] } + [source.path]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let message = String(decoding: said, as: UTF8.self)
        #expect((process.terminationStatus == 0) == !message.contains("error:"))
        return message
    }

    /// The folders of the C modules that those in Swift import.
    private static func moduleMaps(_ build: URL) throws -> [URL] {
        let manager = FileManager.default
        func folders(_ parent: URL) throws -> [URL] {
            try manager.contentsOfDirectory(at: parent, includingPropertiesForKeys: nil)
        }
        let checkouts = build.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("checkouts")
        let ofPackages = try folders(checkouts)
            .flatMap { package in
                ((try? folders(package.appendingPathComponent("Sources"))) ?? [])
                    .map { $0.appendingPathComponent("include") }
            }
        // OpenSSL's, which lies in this package.
        let handlers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        return (try folders(build) + ofPackages + folders(handlers.appendingPathComponent("OpenSSL")))
            .filter {
                manager.fileExists(atPath: $0.appendingPathComponent("module.modulemap").path)
            }
    }

    @Test("AWS's own services compile")
    func own() throws {
        #expect(try complaints("_ = try await cloud.objects.info(\"a\"); _ = try await cloud.s3?.versions()") == "")
    }

    @Test("those of others do not", arguments: ["blobs", "cosmos", "serviceBus", "firestore", "pubSub", "buckets"])
    func others(_ service: String) throws {
        let message = try complaints("_ = cloud.\(service)")
        #expect(message.contains("value of type 'AWSCloud' has no member '\(service)'"))
    }

    @Test("what only S3 has is none of every provider's objects")
    func particular() throws {
        let message = try complaints("try await cloud.objects.removeVersion(\"1\", of: \"a\")")
        #expect(message.contains("has no member 'removeVersion'"))
    }
}
#endif
