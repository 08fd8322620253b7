internal import AuraEffects

extension ProfileResolver {
    /// The environment that the profile or a variable names, with its place; `nil` where that is wrong.
    mutating func environment() -> (value: RuntimeEnvironment, place: SettingPlace)? {
        let key = "environment"
        let names = RuntimeEnvironment.named.map(\.name)
        let hint = "write 'environment: server', 'mobile' or 'embedded', or limits: { memory: …, cpu: …, io: … }"
        if let named = layers.value([key]) {
            if let environment = RuntimeEnvironment.named.first(where: { $0.name == named.text }) {
                return (environment, named.place)
            }
            let near = suggestion(for: named.text, in: names)
            let message = "there is no environment '\(named.text)'\(near)\(hint)"
            problems.append(ProfileError(.invalidValue, at: named.place, key: key, message))
            return nil
        }
        guard let entry = document.environment else {
            if broken.contains(key) { return nil }
            problems.append(ProfileError(.missingKey, at: .file(document.file), key: key, "is missing; \(hint)"))
            return nil
        }
        guard let limits = entry.value.entries else {
            let message = "must be a name or limits, not \(entry.value.kind); \(hint)"
            problems.append(ProfileError(.invalidValue, at: entry.place, key: key, message))
            return nil
        }
        return ownLimits(limits, at: entry.place).map { ($0, entry.place) }
    }

    private mutating func ownLimits(_ entries: [ProfileEntry], at place: SettingPlace) -> RuntimeEnvironment? {
        let keys = ["memory", "cpu", "io"]
        for entry in entries where !keys.contains(entry.key) {
            let near = suggestion(for: entry.key, in: keys)
            let message = "unknown limit\(near)an environment takes: memory, cpu, io"
            problems.append(ProfileError(.unknownKey, at: entry.place, key: "environment.\(entry.key)", message))
        }
        let memory = limit("memory", entries, at: place) { text throws(SettingParser.Refusal) in
            let count = try SettingParser.byteCount(text)
            guard count.bytes > 0 else { throw SettingParser.Refusal(message: "must be more than 0, not '\(text)'") }
            return count
        }
        let cpu = limit("cpu", entries, at: place) { text throws(SettingParser.Refusal) in
            guard let cores = Double(text), cores > 0, cores <= 65_536 else {
                throw SettingParser.Refusal(message: "must be a number of cores such as 0.5, not '\(text)'")
            }
            return cores
        }
        let io = limit("io", entries, at: place) { text throws(SettingParser.Refusal) in
            guard text.hasSuffix("/s"), let count = try? SettingParser.byteCount(String(text.dropLast(2))),
                count.bytes > 0
            else {
                throw SettingParser.Refusal(message: "must be a rate such as '20 MiB/s', not '\(text)'")
            }
            return BytesPerSecond(count.bytes)
        }
        guard let memory, let cpu, let io else { return nil }
        return .limits(memory: memory, cpu: cpu, io: io)
    }

    private mutating func limit<Value>(
        _ name: String,
        _ entries: [ProfileEntry],
        at place: SettingPlace,
        _ parse: (String) throws(SettingParser.Refusal) -> Value
    ) -> Value? {
        let key = "environment.\(name)"
        guard let given = layers.value(["environment", name]) else {
            if let entry = entries.first(where: { $0.key == name }) {
                let message = "must be a single value, not \(entry.value.kind)"
                problems.append(ProfileError(.invalidValue, at: entry.place, key: key, message))
            } else {
                let message = "is missing; limits of one's own are memory, cpu and io together"
                problems.append(ProfileError(.missingKey, at: place, key: key, message))
            }
            return nil
        }
        do {
            return try parse(given.text)
        } catch {
            problems.append(ProfileError(.invalidValue, at: given.place, key: key, error.message))
            return nil
        }
    }

    /// What the profile does without, where its environment allows that.
    mutating func waived(in environment: RuntimeEnvironment?) -> Set<String> {
        let waive = document.waive ?? []
        if let first = waive.first, environment?.allowsWaiving == false {
            let message =
                "nothing is waived where the environment is server; remove 'waive', or choose handlers "
                + "that do what the application needs"
            problems.append(ProfileError(.waiveRefused, at: first.place, key: "waive", message))
        } else {
            for name in waive { checkWaiver(name) }
        }
        return Set(waive.map(\.text))
    }

    private mutating func checkWaiver(_ name: ProfileDocument.Text) {
        let parts = name.text.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), !parts.contains("") else {
            let message = "'\(name.text)' is no need; write EFFECT.CAPABILITY, such as 'journal.durable'"
            problems.append(ProfileError(.invalidValue, at: name.place, key: "waive", message))
            return
        }
        let needed = needs.needs.flatMap { need in
            let path = [need.effect, need.instance].filter { !$0.isEmpty }
            let names = need.capabilities.map(\.rawValue) + need.limits.keys.map(\.rawValue)
            return names.map { (path + [$0]).joined(separator: ".") }
        }
        guard !needed.contains(name.text), let near = nearestName(to: name.text, in: needed) else { return }
        let message = "the application has no need '\(name.text)'; did you mean '\(near)'?"
        problems.append(ProfileError(.unknownKey, at: name.place, key: "waive", message))
    }
}
