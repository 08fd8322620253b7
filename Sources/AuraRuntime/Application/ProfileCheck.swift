internal import ArgumentParser
package import AuraEffects
internal import Logging

/// What `profile check` prints of one profile.
package struct ProfileCheck {
    let selected: String
    /// The file that was looked at; `nil` where there is none.
    package let file: String?
    package let assembly: Assembly?
    package let errors: [ProfileError]

    /// Checks a profile.
    ///
    /// - Parameters:
    ///   - nameOrPath: The profile.
    ///   - registry: The handlers that are linked.
    ///   - needs: What it has to give.
    ///   - layers: What an application puts around its handlers.
    ///   - policy: An application's own policies.
    package init(
        of nameOrPath: String,
        _ registry: HandlerRegistry,
        needs: EffectNeeds,
        interception layers: [InterceptionLayer] = [],
        policy: PolicySettings = PolicySettings()
    ) {
        selected = nameOrPath
        file = ProfileLocator(variables: Host.variables).file(of: nameOrPath)
        do throws(ProfileErrors) {
            assembly = try Assembly(
                try Profile.find(nameOrPath),
                registry,
                needs: needs,
                interception: layers,
                policy: policy
            )
            errors = []
        } catch {
            assembly = nil
            errors = error.errors
        }
    }

    /// Every profile that a name finds, checked without needs.
    package static func found(_ registry: HandlerRegistry) throws(ProfileErrors) -> [ProfileCheck] {
        try ProfileLocator(variables: Host.variables).names().map { ProfileCheck(of: $0, registry, needs: []) }
    }

    /// The profile's name.
    package var name: String { assembly?.profile.name ?? selected }

    var isRight: Bool { errors.isEmpty }

    var text: String {
        guard let assembly else { return errors.map { "error: \($0)" }.joined(separator: "\n") }
        var lines = ["\(assembly.profile.name) (\(assembly.profile.file)): right"]
        lines += assembly.warnings.map { "warning: \($0)" }
        lines += assembly.needs.waived.map { "note: waives \($0.name)" }
        lines += assembly.skippedEffects.map { "note: leaves out '\($0)', which this application does not have" }
        return lines.joined(separator: "\n")
    }

    /// Prints checks, and asks the handlers of those profiles that are right where that is wanted.
    ///
    /// - Parameters:
    ///   - checks: The checks.
    ///   - live: Whether the handlers are made and asked.
    ///   - asJSON: Whether one array of JSON is printed.
    /// - Throws: The exit code where something is wrong.
    package static func report(_ checks: [ProfileCheck], live: Bool, asJSON: Bool) async throws {
        var logger = Logger(label: "aura")
        logger.logLevel = .critical
        var values: [JSONValue] = []
        var doAllAnswer = true
        for check in checks {
            if !asJSON { print(check.text) }
            guard live, let assembly = check.assembly else {
                values.append(check.json)
                continue
            }
            let probes = await LiveCheck(assembly).run(logger: logger)
            doAllAnswer = doAllAnswer && probes.allSatisfy(\.isRight)
            values.append(.object(check.members + [JSONValue.Member(key: "live", value: .array(probes.map(\.json)))]))
            if !asJSON { for row in TextTable.rows(probes.map(\.row)) { print(row) } }
        }
        if asJSON { print(JSONValue.array(values)) }
        if !checks.allSatisfy(\.isRight) { throw ExitCode(ApplicationExit.badProfile) }
        if !doAllAnswer { throw ExitCode(ApplicationExit.failure) }
    }

    package var json: JSONValue { .object(members) }

    private var members: [JSONValue.Member] {
        let value: JSONValue = [
            "profile": .string(name),
            "file": .optional(file),
            "right": .boolean(isRight),
            "errors": .array(errors.map(\.json)),
            "warnings": .array((assembly?.warnings ?? []).map(\.json)),
            "waived": .array((assembly?.needs.waived ?? []).map { .string($0.name) }),
            "skipped": .array((assembly?.skippedEffects ?? []).map(JSONValue.string)),
        ]
        guard case .object(let members) = value else { return [] }
        return members
    }
}

extension ProfileError {
    var json: JSONValue {
        [
            "code": .string(code.rawValue),
            "place": place.json,
            "key": .string(key),
            "message": .string(message),
        ]
    }
}

extension SettingPlace {
    var json: JSONValue {
        switch self {
        case .file(let file): ["file": .string(file)]
        case .line(let file, let line, let column):
            ["file": .string(file), "line": .integer(line), "column": .integer(column)]
        case .argument(let name): ["argument": .string(name)]
        case .variable(let name): ["variable": .string(name)]
        case .standard: ["default": .boolean(true)]
        case .handler: ["handler": .boolean(true)]
        }
    }
}
