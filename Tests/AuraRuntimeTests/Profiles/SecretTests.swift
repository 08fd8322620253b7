internal import AuraEffects
internal import RuntimeFixture
internal import Testing

@testable internal import AuraRuntime

@Suite("Secrets in profiles")
struct SecretTests {
    private let secret = "s3cr3t-v4lue"
    private let yaml = profile(
        #"handler: file, path: n, url: "https://${secret:TOKEN}@host", encryption: { key: "${secret:KEY}" }"#
    )

    @Test("a secret comes from an environment variable, alone or within text")
    func fromVariables() throws {
        let assembly = try Assembly(yaml: yaml, variables: ["TOKEN": secret, "KEY": "k"])
        let values = try #require(assembly.handlers.last).values
        #expect(values.string("url") == "https://\(secret)@host")
        #expect(values.secret("encryption.key")?.withExposedValue { $0 } == "k")
    }

    @Test("a secret comes from a file of the secrets folder, without its last line break")
    func fromFile() throws {
        let folder = try TemporaryFolder()
        try folder.write(["KEY": "\(secret)\n", "TOKEN": "t"])
        for name in ["KEY", "TOKEN"] { try folder.setPermissions(0o600, of: name) }
        let assembly = try Assembly(yaml: yaml, variables: ["AURA_SECRETS": folder.path])
        let values = try #require(assembly.handlers.last).values
        #expect(values.secret("encryption.key")?.withExposedValue { $0 } == secret)
        #expect(values.string("url") == "https://t@host")
    }

    @Test("a secret's file that every user can read is refused")
    func openFile() throws {
        let folder = try TemporaryFolder()
        try folder.write(["KEY": secret])
        try folder.setPermissions(0o644, of: "KEY")
        let variables = ["AURA_SECRETS": folder.path, "TOKEN": "t"]
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: yaml, variables: variables) }
        let file = "\(folder.path)/KEY"
        #expect(error?.errors.map(\.code) == [.secret])
        #expect(error?.errors.first?.message == "\(file) is open to every user; run 'chmod o= \(file)'")
    }

    @Test("a secret that is nowhere is named with the file to create")
    func missingFile() throws {
        let folder = try TemporaryFolder()
        let variables = ["AURA_SECRETS": folder.path, "TOKEN": "t"]
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: yaml, variables: variables) }
        #expect(
            error?.errors.first?.message
                == "the secret 'KEY' is missing; set the environment variable KEY, or create \(folder.path)/KEY"
        )
    }

    @Test("an empty file is no secret")
    func emptyFile() throws {
        let folder = try TemporaryFolder()
        try folder.write(["KEY": "\n"])
        try folder.setPermissions(0o600, of: "KEY")
        let variables = ["AURA_SECRETS": folder.path, "TOKEN": "t"]
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: yaml, variables: variables) }
        #expect(error?.errors.first?.message == "\(folder.path)/KEY is empty")
    }

    @Test("nothing that is printed of a profile holds a secret")
    func redaction() throws {
        let assembly = try Assembly(yaml: yaml, variables: ["TOKEN": secret, "KEY": secret])
        let explanation = ProfileExplanation(assembly)
        var dumped = ""
        dump(assembly.handlers.map(\.settings), to: &dumped)
        for text in [explanation.text, explanation.json.description, dumped] { #expect(!text.contains(secret)) }
        #expect(explanation.text.contains("url             <redacted>  test.yaml:3:39"))
    }

    @Test("a variable that replaces a secret is redacted too, and taken literally")
    func redactedVariable() throws {
        let variables = ["KEY": "k", "AURA_NOTES_URL": "\(secret)${secret:KEY}"]
        let assembly = try Assembly(yaml: yaml, variables: variables)
        let notes = try #require(assembly.handlers.last)
        #expect(notes.values.string("url") == "\(secret)${secret:KEY}")
        #expect(notes.settings.first { $0.key == "url" }?.value == "<redacted>")
    }

    @Test("a mistake in a value from a secret does not print it")
    func mistakeWithSecret() {
        let yaml = profile(#"handler: file, path: n, encryption: { key: "${secret:../../etc/passwd}" }"#)
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: yaml, variables: ["KEY": secret]) }
        #expect(error?.description.contains(secret) == false)
        #expect(error?.errors.map(\.code) == [.invalidValue])
    }

    @Test("a secret that stands in the file is warned of")
    func literalSecret() throws {
        let assembly = try Assembly(yaml: profile("handler: file, path: n, encryption: { key: \(secret) }"))
        #expect(
            assembly.warnings.map(\.description) == [
                "test.yaml:3:53: notes.encryption.key: is a secret that stands in the file; "
                    + "write '${secret:NAME}' instead"
            ]
        )
    }
}
