internal import AuraEffects

extension PolicyParser {
    /// Reads the parts of a policy.
    mutating func layer(_ group: Group) -> PolicySettings.Layer {
        var layer = PolicySettings.Layer()
        layer.policy.deadlinePart = time(.deadline, in: group, &layer.places)
        layer.policy.attemptTimeoutPart = time(.attemptTimeout, in: group, &layer.places)
        if let retry = subgroup(.retry, in: group, Self.retryKeys, "{ strategy: exponential, attempts: 5 }") {
            layer.places[.retry] = retry.place
            if let inner = retry.group {
                if let policy = retryPolicy(inner) { layer.policy.retryPart = .on(policy) }
            } else {
                layer.policy.retryPart = .on(.none)
            }
        }
        if let limit = subgroup(.concurrency, in: group, Self.concurrencyKeys, "{ limit: 64, queue: 256 }") {
            layer.places[.concurrency] = limit.place
            if let inner = limit.group {
                if let limit = concurrencyLimit(inner) { layer.policy.concurrencyPart = .on(limit) }
            } else {
                layer.policy.concurrencyPart = .off
            }
        }
        if let breaker = subgroup(.breaker, in: group, Self.breakerKeys, "{ failureRate: 0.5, window: 10s }") {
            layer.places[.breaker] = breaker.place
            if let inner = breaker.group {
                if let policy = breakerPolicy(inner) { layer.policy.breakerPart = .on(policy) }
            } else {
                layer.policy.breakerPart = .off
            }
        }
        return layer
    }

    // MARK: Retry

    private static let strategies = ["none", "fixed", "exponential"]
    private static let retryKeys = ["strategy", "attempts", "delay", "base", "maximum"]

    private mutating func retryPolicy(_ group: Group) -> RetryPolicy? {
        guard let strategy = text("strategy", in: group) else {
            missing("strategy", in: group, "add 'strategy: exponential'")
            return nil
        }
        switch strategy.text {
        case "none":
            checkKeys(of: group, among: ["strategy"], "setting", "'none' takes")
            return RetryPolicy.none
        case "fixed":
            checkKeys(of: group, among: ["strategy", "attempts", "delay"], "setting", "'fixed' takes")
            let attempts = required("attempts", in: group, "add 'attempts: 5'", Self.count(from: 1))
            let delay = required("delay", in: group, "add 'delay: 1s'", SettingParser.duration)
            guard let attempts, let delay else { return nil }
            return .fixed(delay, attempts: attempts)
        case "exponential":
            let keys = ["strategy", "attempts", "base", "maximum"]
            checkKeys(of: group, among: keys, "setting", "'exponential' takes")
            let attempts = required("attempts", in: group, "add 'attempts: 5'", Self.count(from: 1))
            let base = optional("base", in: group, .milliseconds(50), SettingParser.duration)
            let maximum = optional("maximum", in: group, max(.seconds(5), base ?? .zero), SettingParser.duration)
            guard let attempts, let base, let maximum else { return nil }
            guard maximum >= base else {
                let place = text("maximum", in: group)?.place ?? group.place
                let message = "must not be below the base of \(base.spelled), and is \(maximum.spelled)"
                report(.invalidValue, place, group.path + ["maximum"], message)
                return nil
            }
            return .exponential(attempts: attempts, base: base, maximum: maximum)
        default:
            let near = nearestName(to: strategy.text, in: Self.strategies).map { "; did you mean '\($0)'?" } ?? ""
            let list = Self.strategies.joined(separator: ", ")
            let message = "must be one of \(list), not '\(strategy.text)'\(near)"
            report(.invalidValue, strategy.place, group.path + ["strategy"], message)
            return nil
        }
    }

    // MARK: Limit and breaker

    private static let concurrencyKeys = ["limit", "queue"]
    private static let breakerKeys = ["failureRate", "window", "minimumCalls", "openFor"]

    private mutating func concurrencyLimit(_ group: Group) -> ConcurrencyLimit? {
        checkKeys(of: group, among: Self.concurrencyKeys, "setting", "a concurrency limit takes")
        let limit = required("limit", in: group, "add 'limit: 64'", Self.count(from: 1))
        let queue = required("queue", in: group, "add 'queue: 256', or 'queue: 0' for none", Self.count(from: 0))
        guard let limit, let queue else { return nil }
        return ConcurrencyLimit(limit, queue: queue)
    }

    private mutating func breakerPolicy(_ group: Group) -> CircuitBreakerPolicy? {
        checkKeys(of: group, among: Self.breakerKeys, "setting", "a circuit breaker takes")
        let standard = CircuitBreakerPolicy()
        let rate = optional("failureRate", in: group, standard.failureRate) { text throws(SettingParser.Refusal) in
            guard let rate = Double(text), rate > 0, rate <= 1 else {
                throw SettingParser.Refusal(
                    message: "must be a number above 0 and at most 1, such as 0.5, not '\(text)'"
                )
            }
            return rate
        }
        let window = optional("window", in: group, standard.window, Self.positiveDuration)
        let minimumCalls = optional("minimumCalls", in: group, standard.minimumCalls, Self.count(from: 1))
        let openFor = optional("openFor", in: group, standard.openFor, Self.positiveDuration)
        guard let rate, let window, let minimumCalls, let openFor else { return nil }
        return CircuitBreakerPolicy(failureRate: rate, window: window, minimumCalls: minimumCalls, openFor: openFor)
    }
}

// MARK: Values

extension PolicyParser {
    typealias Parse<Value> = (String) throws(SettingParser.Refusal) -> Value

    /// A part that is a time, or `none`.
    private mutating func time(
        _ part: PolicyPart,
        in group: Group,
        _ places: inout [PolicyPart: SettingPlace]
    ) -> EffectPolicy.Part<Duration> {
        guard let given = text(part.rawValue, in: group) else { return .inherited }
        places[part] = given.place
        if given.text == Self.off { return .off }
        return value(given, part.rawValue, in: group, Self.positiveDuration).map { .on($0) } ?? .inherited
    }

    /// A part that is a mapping, or `none`; variables may stand for single values of it.
    ///
    /// - Returns: Where the part stands, and the mapping, `nil` for `none`; `nil` where there is no such part, or a wrong one.
    private mutating func subgroup(
        _ part: PolicyPart,
        in group: Group,
        _ keys: [String],
        _ example: String
    ) -> (place: SettingPlace, group: Group?)? {
        let path = group.path + [part.rawValue]
        let entry = group.entry(part.rawValue)
        let variable = variable(path)
        if let entries = entry?.value.entries, let place = entry?.place, variable == nil {
            return (place, Group(entries: entries, path: path, place: place))
        }
        if variable == nil, entry == nil {
            guard let first = keys.compactMap({ self.variable(path + [$0]) }).first else { return nil }
            return (first.place, Group(entries: [], path: path, place: first.place))
        }
        let given: SettingLayers.Value?
        if case .text(let text, let place)? = entry?.value {
            given = variable ?? SettingLayers.Value(text: text, place: place)
        } else {
            given = variable
        }
        if let given, given.text == Self.off { return (given.place, nil) }
        let what = given.map { "'\($0.text)'" } ?? entry?.value.kind ?? ""
        let place = given?.place ?? entry?.value.place ?? group.place
        let message = "must be a mapping or 'none', not \(what); write '\(part.rawValue): \(example)'"
        report(.invalidValue, place, path, message)
        return nil
    }

    /// The value under a key, which has to be there.
    private mutating func required<Value>(
        _ key: String,
        in group: Group,
        _ hint: String,
        _ parse: Parse<Value>
    ) -> Value? {
        guard let given = text(key, in: group) else {
            missing(key, in: group, hint)
            return nil
        }
        return value(given, key, in: group, parse)
    }

    /// The value under a key, or a default; `nil` where it is wrong.
    private mutating func optional<Value>(
        _ key: String,
        in group: Group,
        _ standard: Value,
        _ parse: Parse<Value>
    ) -> Value? {
        guard let given = text(key, in: group) else { return group.entry(key) == nil ? standard : nil }
        return value(given, key, in: group, parse)
    }

    private mutating func value<Value>(
        _ given: SettingLayers.Value,
        _ key: String,
        in group: Group,
        _ parse: Parse<Value>
    ) -> Value? {
        do throws(SettingParser.Refusal) {
            return try parse(given.text)
        } catch {
            report(.invalidValue, given.place, group.path + [key], error.message)
            return nil
        }
    }

    private mutating func missing(_ key: String, in group: Group, _ hint: String) {
        // A value of another kind was reported already, and so was a misspelt key.
        let known = Self.retryKeys + Self.concurrencyKeys + Self.breakerKeys
        let unknown = group.entries.map(\.key).filter { !known.contains($0) }
        let isMisspelt = unknown.contains { nearestName(to: $0, in: known) == key }
        guard group.entry(key) == nil, !isMisspelt else { return }
        report(.missingKey, group.place, group.path + [key], "is missing; \(hint)")
    }

    /// The text under a key, or of the variable that overrides it; reports what is no text.
    private mutating func text(_ key: String, in group: Group) -> SettingLayers.Value? {
        let path = group.path + [key]
        if let variable = variable(path) { return variable }
        guard let entry = group.entry(key) else { return nil }
        switch entry.value {
        case .text(let text, let place):
            return SettingLayers.Value(text: text, place: place)
        case .nothing(let place):
            report(.invalidValue, place, path, "has no value; give it one, or remove the key")
        case .list(_, let place), .mapping(_, let place):
            report(.invalidValue, place, path, "must be a single value, not \(entry.value.kind)")
        }
        return nil
    }

    private mutating func variable(_ path: [String]) -> SettingLayers.Value? {
        variables.insert(layers.variable(path))
        return layers.value(path, ignoresProfile: true)
    }

    private static func positiveDuration(_ text: String) throws(SettingParser.Refusal) -> Duration {
        let duration = try SettingParser.duration(text)
        guard duration >= .microseconds(1) else {
            throw SettingParser.Refusal(message: "must be at least 1us, not '\(text)'")
        }
        return duration
    }

    private static func count(from lowest: Int) -> Parse<Int> {
        { text throws(SettingParser.Refusal) in
            guard case .integer(let count) = try SettingParser.parse(text, as: .integer(lowest...Int.max)) else {
                preconditionFailure("A whole number is parsed as one.")
            }
            return count
        }
    }
}
