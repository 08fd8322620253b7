internal import AuraEffects

/// What `profile explain` prints.
package struct ProfileExplanation {
    let assembly: Assembly

    package init(_ assembly: Assembly) {
        self.assembly = assembly
    }

    private struct BudgetLine {
        var key: String
        var name: String
        var value: String
        var source: String
        var json: JSONValue
    }

    private var budgetLines: [BudgetLine] {
        let resources = assembly.resources
        let budget = resources.budget
        return [
            BudgetLine(
                key: "memoryLimit",
                name: "memory limit",
                value: "\(budget.memoryLimit)",
                source: resources.memorySource,
                json: .integer(budget.memoryLimit.bytes)
            ),
            BudgetLine(
                key: "cpuQuota",
                name: "CPU quota",
                value: "\(budget.cpuQuota)",
                source: resources.cpuSource,
                json: .number(budget.cpuQuota)
            ),
            BudgetLine(
                key: "ioQuota",
                name: "I/O quota",
                value: "\(budget.ioQuota)",
                source: resources.ioSource,
                json: .integer(budget.ioQuota.bytesPerSecond)
            ),
            BudgetLine(
                key: "journalCache",
                name: "journal cache",
                value: "\(budget.journalCache)",
                source: "memory limit ÷ 10",
                json: .integer(budget.journalCache.bytes)
            ),
            BudgetLine(
                key: "writeBatch",
                name: "write batch",
                value: "\(budget.writeBatch)",
                source: "I/O quota ÷ 100",
                json: .integer(budget.writeBatch.bytes)
            ),
            BudgetLine(
                key: "backgroundCompaction",
                name: "background compaction",
                value: budget.backgroundCompaction ? "on" : "off",
                source: "on where the CPU quota is above 0.5",
                json: .boolean(budget.backgroundCompaction)
            ),
            BudgetLine(
                key: "readerCount",
                name: "readers",
                value: "\(budget.readerCount)",
                source: "one per core of the CPU quota, at most 8",
                json: .integer(budget.readerCount)
            ),
        ]
    }

    package var text: String {
        var lines = ["profile \(assembly.profile.name) (\(assembly.profile.file))"]
        lines += assembly.profile.baseFiles.map { "extends \($0)" }
        lines.append("environment \(assembly.environment.name) (\(assembly.environmentPlace))")
        lines += ["", "budget"]
        lines += TextTable.rows(budgetLines.map { [$0.name, $0.value, $0.source] })
        for handler in assembly.handlers {
            lines += text(of: handler, assembly.resources.budget)
            lines += InterceptionExplanation(of: handler, in: assembly.interception).text
        }
        if !assembly.skippedEffects.isEmpty {
            lines += ["", "left out: \(assembly.skippedEffects.joined(separator: ", "))"]
        }
        if !assembly.needs.waived.isEmpty {
            lines += ["", "waived: \(assembly.needs.waived.map(\.name).joined(separator: ", "))"]
        }
        if !assembly.warnings.isEmpty { lines.append("") }
        lines += assembly.warnings.map { "warning: \($0)" }
        return lines.joined(separator: "\n")
    }

    /// The handler's lines, and after them those of the handlers that it is made over.
    private func text(of handler: ResolvedHandler, _ budget: ResourceBudget) -> [String] {
        let capabilities = handler.capabilities(under: budget)
        var lines = ["", "\(handler.key): \(handler.technology) (\(handler.technologyPlace))"]
        lines.append("  \(handler.declaration.summary)")
        lines += TextTable.rows(handler.settings.map { [$0.key, $0.value ?? "–", $0.place.description] })
        let features = capabilities.features.map(\.rawValue).sorted()
        lines.append("  can: \(features.isEmpty ? "the base contract" : features.joined(separator: ", "))")
        let limits = capabilities.limits.sorted { $0.key.rawValue < $1.key.rawValue }
        if !limits.isEmpty {
            lines.append("  limits: \(limits.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
        }
        let derived = handler.declaration.derivedValues(handler.values, budget)
        if !derived.isEmpty {
            lines.append("  makes of the budget: \(derived.map { "\($0.name) \($0.value)" }.joined(separator: ", "))")
        }
        let budgetWithin = handler.declaration.budgetWithin(handler.values, budget)
        return lines + handler.within.flatMap { text(of: $0, budgetWithin) }
    }

    var json: JSONValue { .object(members) }

    package var members: [JSONValue.Member] {
        let budget = budgetLines.map { line in
            JSONValue.Member(key: line.key, value: ["value": line.json, "source": .string(line.source)])
        }
        let environment = assembly.environment
        let members: [(String, JSONValue)] = [
            ("profile", .string(assembly.profile.name)),
            ("file", .string(assembly.profile.file)),
            ("extends", .array(assembly.profile.baseFiles.map(JSONValue.string))),
            ("environment", ["name": .string(environment.name), "place": assembly.environmentPlace.json]),
            ("budget", .object(budget)),
            ("handlers", .array(assembly.handlers.map(json))),
            ("skipped", .array(assembly.skippedEffects.map(JSONValue.string))),
            ("waived", .array(assembly.needs.waived.map { .string($0.name) })),
            ("warnings", .array(assembly.warnings.map(\.json))),
        ]
        return members.map { JSONValue.Member(key: $0.0, value: $0.1) }
    }

    private func json(of handler: ResolvedHandler) -> JSONValue {
        let own = members(of: handler, assembly.resources.budget)
        let around = InterceptionExplanation(of: handler, in: assembly.interception).members
        return .object(named: own + around)
    }

    /// What a handler is, without what surrounds it: nothing surrounds one that another is made over.
    private func members(of handler: ResolvedHandler, _ budget: ResourceBudget) -> [(String, JSONValue)] {
        let capabilities = handler.capabilities(under: budget)
        let budgetWithin = handler.declaration.budgetWithin(handler.values, budget)
        let limits = capabilities.limits.sorted { $0.key.rawValue < $1.key.rawValue }
        let settings = handler.settings.map { setting -> JSONValue in
            ["key": .string(setting.key), "value": .optional(setting.value), "place": setting.place.json]
        }
        let derived = handler.declaration.derivedValues(handler.values, budget)
            .map { name, value -> JSONValue in
                ["name": .string(name), "value": .string(value)]
            }
        return [
            ("key", .string(handler.key)),
            ("effect", .string(handler.effect)),
            ("instance", .string(handler.instance)),
            ("handler", .string(handler.technology)),
            ("place", handler.technologyPlace.json),
            ("settings", .array(settings)),
            ("capabilities", .array(capabilities.features.map(\.rawValue).sorted().map(JSONValue.string))),
            ("limits", .object(limits.map { JSONValue.Member(key: $0.key.rawValue, value: .integer($0.value)) })),
            ("derived", .array(derived)),
            ("over", .array(handler.within.map { .object(named: members(of: $0, budgetWithin)) })),
        ]
    }
}

/// What `profile needs` prints.
package struct NeedsExplanation {
    let assembly: Assembly

    package init(_ assembly: Assembly) {
        self.assembly = assembly
    }

    var text: String {
        (["\(assembly.profile.name) (\(assembly.profile.file))"] + rows).joined(separator: "\n")
    }

    /// A line per need.
    package var rows: [String] {
        TextTable.rows(
            assembly.needs.lines.map { line in
                [Self.name(of: line), line.status.rawValue, line.handler ?? "no handler"]
            }
        )
    }

    var json: JSONValue {
        [
            "profile": .string(assembly.profile.name),
            "file": .string(assembly.profile.file),
            "needs": linesJSON,
        ]
    }

    /// An object per need.
    package var linesJSON: JSONValue {
        .array(
            assembly.needs.lines.map { line in
                [
                    "effect": .string(line.effect),
                    "instance": .string(line.instance),
                    "requirement": .string(line.requirement),
                    "handler": .optional(line.handler),
                    "status": .string(line.status.rawValue),
                ]
            }
        )
    }

    private static func name(of line: NeedsReport.Line) -> String {
        let family = line.instance.isEmpty ? line.effect : "\(line.effect).\(line.instance)"
        return line.requirement.isEmpty ? family : "\(family) \(line.requirement)"
    }
}
