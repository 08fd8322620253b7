#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import AuraAWS

@Suite("S3 beside AWS's own tools")
struct InteroperationTests {
    private let store: TestStore

    init() throws {
        store = try TestStore(StoreServer.start())
    }

    private let keys = ["plain", "a+b c%20d", "%2F", "//", "folder/", "👩‍👩‍👧", ".hidden", "a/../b", "é"]

    @Test("boto3 reads what Aura wrote, and Aura what boto3 wrote")
    func boto3() async throws {
        let bucket = try await store.make()
        let name = bucket.client.address.bucket
        for (number, key) in keys.enumerated() {
            let metadata = ObjectMetadata(contentType: "text/plain", attributes: ["number": "\(number)"])
            try await bucket.put(ByteStream(Array("by aura \(number)".utf8)), to: ObjectKey(key), metadata: metadata)
        }
        let large = (0..<(6 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await bucket.put(ByteStream(large), to: "large")
        let peer = PeerProgram(store.server)
        let said = try peer.run("python3", [PeerProgram.script, "objects", name])
        let seen = try JSONDecoder().decode([String: String].self, from: Data(said.utf8))
        for (number, key) in keys.enumerated() { #expect(seen[key] == "by aura \(number) text/plain \(number)") }
        #expect(seen["large"] == SHA256.hash(large).description)
        for (number, key) in keys.enumerated() {
            let read = try #require(try await bucket.get(ObjectKey("boto3/" + key)))
            #expect(try await read.body.bytes(atMost: 99) == Array("by boto3 \(number)".utf8))
            #expect(read.info.metadata.attributes == ["number": "\(number)"])
        }
        // In parts, with the checksum that boto3 adds by default.
        let read = try #require(try await bucket.get("boto3/large"))
        #expect(SHA256.hash(try await read.body.bytes(atMost: .max)).description == seen["boto3/large"])
        await store.close()
    }

    @Test("the command line 'aws' reads what Aura wrote, and the other way round")
    func commandLine() async throws {
        let bucket = try await store.make()
        let name = bucket.client.address.bucket
        let peer = PeerProgram(store.server)
        try await bucket.put(ByteStream(Array("by aura".utf8)), to: "a+b c")
        #expect(try peer.run("python3", ["-m", "awscli", "s3", "cp", "s3://\(name)/a+b c", "-"]) == "by aura")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("aura-\(UUID().uuidString)")
        try Data("by aws".utf8).write(to: file)
        _ = try peer.run("python3", ["-m", "awscli", "s3", "cp", file.path, "s3://\(name)/é/from aws"])
        try FileManager.default.removeItem(at: file)
        #expect(try await bucket.get("é/from aws")?.body.bytes(atMost: 99) == Array("by aws".utf8))
        #expect(try peer.run("python3", ["-m", "awscli", "s3", "ls", "s3://\(name)/"]).contains("a+b c"))
        await store.close()
    }
}
#endif
