#if AWS
internal import Testing

extension ProgramPlace {
    /// What is allowed, or was taken: an action on a resource.
    struct Taken: Hashable, CustomStringConvertible {
        var action: String
        var resource: String

        var description: String { "\(action) on \(resource)" }
    }

    /// What the policy of a profile allows.
    func allowed(_ profile: String, _ needs: [String] = []) throws -> Set<Taken> {
        let arguments = ["policy", "aws", profile, "--account", "123456789012"] + needs.flatMap { ["--need", $0] }
        let document = try run("aura", arguments).json
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
    func taken() throws -> Set<Taken> {
        let all = try server.state.actions.map { Taken(action: $0.action, resource: $0.resource) }
        // Who the credentials belong to everybody may ask.
        return Set(all.filter { $0.action != "sts:GetCallerIdentity" })
    }

    /// Expects that nothing is taken that is not allowed, and nothing allowed that is not taken.
    ///
    /// - Parameters:
    ///   - taken: What was taken.
    ///   - allowed: What is allowed.
    ///   - more: What is allowed, whether it is taken or not.
    ///   - location: Where the test stands.
    func expect(
        _ taken: Set<Taken>,
        asAllowed allowed: Set<Taken>,
        besides more: Set<Taken> = [],
        _ location: SourceLocation = #_sourceLocation
    ) {
        let (lacking, idle) = (taken.subtracting(allowed).subtracting(more), allowed.subtracting(taken))
        #expect(lacking.map(\.description).sorted() == [], "taken and not allowed", sourceLocation: location)
        #expect(idle.map(\.description).sorted() == [], "allowed and not taken", sourceLocation: location)
    }
}
#endif
