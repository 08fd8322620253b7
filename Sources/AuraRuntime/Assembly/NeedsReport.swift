internal import AuraEffects

/// How a profile meets what an application needs.
public struct NeedsReport: Sendable, Hashable {
    /// One capability or limit of one need; the bare family where the need asks for no more.
    public struct Line: Sendable, Hashable {
        /// How the profile meets it.
        public enum Status: String, Sendable, Hashable {
            /// The handler declares it.
            case satisfied
            /// The profile lacks it.
            case missing
            /// The handler lacks it, and the profile says that it does without.
            case waived
        }

        /// The effect's name.
        public let effect: String
        /// The instance's name; empty for the default one.
        public let instance: String
        /// The capability's name, `LIMIT at least N`, or empty for the family itself.
        public let requirement: String
        /// The technology that the profile chose, where it chose one.
        public let handler: String?
        /// How the profile meets it.
        public let status: Status

        /// The need as `waive` spells it, such as `journal.durable`.
        public let name: String
    }

    /// The lines in the order of the needs.
    public let lines: [Line]

    /// Whether nothing is missing.
    public var isMet: Bool { !lines.contains { $0.status == .missing } }

    /// What the profile does without.
    public var waived: [Line] { lines.filter { $0.status == .waived } }
}

extension NeedsReport {
    /// What a family's instance offers.
    struct Offer {
        var effect: String
        var instance: String
        var handler: String
        var capabilities: Capabilities
    }

    /// Compares needs with what a profile's handlers declare.
    ///
    /// - Parameters:
    ///   - needs: What the application needs.
    ///   - offers: What the handlers declare.
    ///   - waived: The names of what the profile does without.
    init(_ needs: EffectNeeds, offers: [Offer], waived: Set<String>) {
        lines = needs.needs.flatMap { need in
            let offer = offers.first { $0.effect == need.effect && $0.instance == need.instance }
            func line(_ requirement: String, waiver: String, isMet: Bool) -> Line {
                let name = [need.effect, need.instance, waiver].filter { !$0.isEmpty }.joined(separator: ".")
                let isWaived = offer != nil && waived.contains(name)
                return Line(
                    effect: need.effect,
                    instance: need.instance,
                    requirement: requirement,
                    handler: offer?.handler,
                    status: isMet ? .satisfied : isWaived ? .waived : .missing,
                    name: name
                )
            }
            let features = need.capabilities.map(\.rawValue).sorted()
                .map { feature in
                    let isMet = offer?.capabilities.contains(Capability(rawValue: feature)) ?? false
                    return line(feature, waiver: feature, isMet: isMet)
                }
            let limits = need.limits.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { limit, least in
                    let isMet = offer.map { $0.capabilities.limit(limit) >= least } ?? false
                    return line("\(limit) at least \(least)", waiver: limit.rawValue, isMet: isMet)
                }
            let all = features + limits
            return all.isEmpty || offer == nil ? [line("", waiver: "", isMet: offer != nil)] : all
        }
    }
}
