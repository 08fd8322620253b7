internal import AuraRuntime
internal import Testing

/// A profile that is wrong, with everything that is said about it.
struct MalformedProfile: Sendable, CustomTestStringConvertible {
    let name: String
    let yaml: String
    var variables: [String: String] = [:]
    let messages: [String]

    var testDescription: String { name }

    static let all =
        malformedFiles + malformedKeys + malformedSettings + malformedNesting + malformedNeeds
        + malformedVariables
}

@Suite("Malformed profiles")
struct MalformedProfileTests {
    @Test("each mistake is named with its place, key, nearest name and what to do", arguments: MalformedProfile.all)
    func messages(_ profile: MalformedProfile) {
        #expect(problems(in: profile.yaml, variables: profile.variables) == profile.messages)
    }

    @Test("the table has at least 40 cases, each of its own")
    func count() {
        #expect(MalformedProfile.all.count >= 40)
        #expect(Set(MalformedProfile.all.map(\.yaml)).count >= 40)
        #expect(Set(MalformedProfile.all.map(\.name)).count == MalformedProfile.all.count)
    }

    @Test("a file that is not UTF-8 text is refused")
    func notUTF8() throws {
        let folder = try TemporaryFolder()
        try folder.write(["bad.yaml": ""])
        try TemporaryFolder.write([0x70, 0xFF, 0xFE], to: "\(folder.path)/bad.yaml")
        let error = #expect(throws: ProfileErrors.self) { try Profile.find("\(folder.path)/bad.yaml", variables: [:]) }
        #expect(error?.description == "\(folder.path)/bad.yaml: is not UTF-8 text; save it as UTF-8")
    }

    @Test("a control character is refused with its place")
    func controlCharacter() {
        let found = problems(in: "profile: bad\nenvironment: mo\u{7}bile\n")
        #expect(found == ["bad.yaml:2:16: not valid YAML: control characters are not allowed; remove it"])
    }

    @Test("a file that is no profile at all by its size is refused")
    func tooLarge() throws {
        let folder = try TemporaryFolder()
        try folder.write(["big.yaml": String(repeating: "# large\n", count: 40_000)])
        let error = #expect(throws: ProfileErrors.self) { try Profile.find("\(folder.path)/big.yaml", variables: [:]) }
        #expect(error?.errors.first?.code == .unreadable)
        #expect(error?.description == "\(folder.path)/big.yaml: is larger than 256 KiB; this is not a profile")
    }

    @Test("aliases of aliases do not blow up")
    func aliasBomb() {
        var yaml = "profile: bad\nenvironment: mobile\nwaive: []\na: &a [x, x, x, x, x, x, x, x, x]\n"
        for (name, last) in zip("bcdefgh", "abcdefg") {
            yaml += "\(name): &\(name) [\((0..<9).map { _ in "*\(last)" }.joined(separator: ", "))]\n"
        }
        let found = problems(in: yaml)
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("a profile has at most 10000 values, 16 deep; write it without aliases") == true)
    }
}
