#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

@Suite("Where credentials are found", .serialized)
struct CredentialsTests {
    private let store: TestStore
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("aura-aws-\(UUID().uuidString)")

    init() throws {
        store = try TestStore(StoreServer.start())
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private static let metadata = Result { try LocalService.start("metadata", "/ready") }

    private func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    private func environment(_ variables: [String: String]) -> AWSEnvironment {
        // Nothing of the machine that the test runs on.
        let alone = ["HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true"]
        return AWSEnvironment(store.context, variables: alone.merging(variables) { $1 })
    }

    private func find(_ variables: [String: String], profile: String? = nil) async throws -> AWSCredentials {
        try await environment(variables).chain(profile: profile).found()
    }

    private func secret(_ credentials: AWSCredentials) -> String { credentials.secretAccessKey.withExposedValue { $0 } }

    private func finish() async throws {
        await store.close()
        try FileManager.default.removeItem(at: folder)
    }

    @Test("environment variables come first")
    func variables() async throws {
        let file = try write("credentials", "[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = file\n")
        var variables = ["AWS_SHARED_CREDENTIALS_FILE": file]
        #expect(try await find(variables).accessKeyID == "AKIDFILE")
        variables["AWS_ACCESS_KEY_ID"] = "AKIDVARIABLE"
        // Half of a key is none.
        #expect(try await find(variables).accessKeyID == "AKIDFILE")
        variables["AWS_SECRET_ACCESS_KEY"] = "variable"
        variables["AWS_SESSION_TOKEN"] = "token"
        let found = try await find(variables)
        #expect(found.accessKeyID == "AKIDVARIABLE")
        #expect(found.sessionToken?.withExposedValue { $0 } == "token")
        // A profile that is asked for is the only place.
        #expect(try await find(variables, profile: "default").accessKeyID == "AKIDFILE")
        try await finish()
    }

    @Test("profiles of the shared files are read as AWS's tools read them")
    func profiles() async throws {
        let config = try write(
            "config",
            """
            # a comment
            [default]
            region = eu-west-1
            s3 =
              addressing_style = path
            [profile work]
            aws_access_key_id = AKIDCONFIG ; a comment
            aws_secret_access_key = of/config#1
            region=eu-central-1
            [nobody]
            aws_access_key_id = AKIDNOBODY
            """
        )
        let credentials = try write(
            "credentials",
            "[default]\naws_access_key_id=AKIDDEFAULT\naws_secret_access_key=d\n\n[both]\r\naws_access_key_id = AKIDBOTH\n"
                + "aws_secret_access_key = b\naws_session_token = t\n"
        )
        let variables = ["AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": credentials]
        #expect(try await find(variables).accessKeyID == "AKIDDEFAULT")
        let work = try await find(variables, profile: "work")
        #expect(work.accessKeyID == "AKIDCONFIG")
        #expect(secret(work) == "of/config#1")
        #expect(try await find(variables.merging(["AWS_PROFILE": "both"]) { $1 }).accessKeyID == "AKIDBOTH")
        let environment = environment(variables)
        #expect(try await environment.findRegion(profile: nil) == "eu-west-1")
        #expect(try await environment.findRegion(profile: "work") == "eu-central-1")
        for name in ["nobody", "none"] {
            let error = await #expect(throws: EffectError.self) { try await find(variables, profile: name) }
            #expect(error?.code == .unauthenticated)
            #expect(error?.message.contains("'\(name)'") == true)
        }
        try await finish()
    }

    @Test("a profile assumes a role by another profile, and its requests are accepted")
    func assumedRole() async throws {
        let config = try write(
            "config",
            """
            [profile base]
            aws_access_key_id = \(StoreServer.accessKeyID)
            aws_secret_access_key = \(StoreServer.secretAccessKey)
            [profile reader]
            role_arn = arn:aws:iam::123456789012:role/reader
            source_profile = base
            external_id = an id+with/signs
            duration_seconds = 900
            [profile loop]
            role_arn = arn:aws:iam::123456789012:role/a
            source_profile = pool
            [profile pool]
            role_arn = arn:aws:iam::123456789012:role/b
            source_profile = loop
            """
        )
        let variables = ["AWS_CONFIG_FILE": config, "AWS_ENDPOINT_URL_STS": store.server.endpoint.text]
        let found = try await find(variables, profile: "reader")
        #expect(found.accessKeyID.hasPrefix("ASIA"))
        let expires = try #require(found.expires).nanosecondsSinceEpoch
        let left = (expires - store.context.time.now.nanosecondsSinceEpoch) / 1_000_000_000
        #expect((800...900).contains(left))
        let bucket = try await store.make()
        let reader = try await store.make(bucket: bucket.client.address.bucket, .init(), AWSAccess(credentials: found))
        try await reader.put(ByteStream([1]), to: "a")
        #expect(try await bucket.info("a")?.byteCount == 1)
        let error = await #expect(throws: EffectError.self) { try await find(variables, profile: "loop") }
        #expect(error?.message.contains("source_profile") == true)
        try await finish()
    }

    @Test("a web identity's token is read anew, and assumes a role without a signature")
    func webIdentity() async throws {
        let variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": try write("token", "a.web.token\n"),
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web",
            "AWS_ENDPOINT_URL_STS": store.server.endpoint.text,
        ]
        let found = try await find(variables)
        #expect(found.accessKeyID.hasPrefix("ASIA"))
        let bucket = try await store.make()
        let web = try await store.make(bucket: bucket.client.address.bucket, .init(), AWSAccess(credentials: found))
        try await web.put(ByteStream([1]), to: "a")
        _ = try write("token", "")
        await #expect(throws: EffectError.self) { try await find(variables) }
        try await finish()
    }

    @Test("an instance's role is found by version 2 of its metadata service")
    func instanceMetadata() async throws {
        let variables = [
            "AWS_EC2_METADATA_DISABLED": "false",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(try Self.metadata.get())/",
        ]
        let found = try await find(variables)
        #expect(found.accessKeyID == "ASIAINSTANCE")
        #expect(secret(found) == "secret/of instance")
        #expect(found.sessionToken?.withExposedValue { $0 } == "token+of=instance")
        #expect(found.expires != nil)
        try await finish()
    }

    @Test("a container's agent is asked with its token")
    func container() async throws {
        var variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:\(try Self.metadata.get())/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": try write("token", "the-agent-token"),
        ]
        #expect(try await find(variables).accessKeyID == "ASIACONTAINER")
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = nil
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "another"
        let refused = await #expect(throws: EffectError.self) { try await find(variables) }
        #expect(refused?.code == .unauthenticated)
        // A token goes to nobody else without TLS.
        variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://example.com/credentials"
        let error = await #expect(throws: EffectError.self) { try await find(variables) }
        #expect(error?.message.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI") == true)
        try await finish()
    }

    @Test("where there are none, the error says where it looked")
    func nothing() async throws {
        let error = await #expect(throws: EffectError.self) {
            try await find([
                "AWS_EC2_METADATA_DISABLED": "false",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(try LocalService.freePort())",
            ])
        }
        #expect(error?.code == .unauthenticated)
        for place in ["environment variables", "shared config", "container", "instance metadata"] {
            #expect(error?.message.contains(place) == true)
        }
        let sso = try write("config", "[profile sso]\nsso_session = corporation\n")
        let refusal = await #expect(throws: EffectError.self) {
            try await find(["AWS_CONFIG_FILE": sso], profile: "sso")
        }
        #expect(refusal?.message.contains("sso_session") == true)
        try await finish()
    }
}
#endif
