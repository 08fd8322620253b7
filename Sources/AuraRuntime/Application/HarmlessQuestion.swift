internal import AuraEffects

/// Something that a handler can be asked, and that changes nothing.
struct HarmlessQuestion: Sendable {
    let effect: String
    let instance: String
    let effects: EffectSystem

    /// Names that nobody is likely to use; what is found under them is of no importance.
    private static let name = "aura-live-check"

    /// Whether there is something to ask that changes nothing.
    var isAsked: Bool {
        ![QueueEffect.name, FunctionsEffect.name, HTTPEffect.name, SecretsEffect.name].contains(effect) && isKnown
    }

    private var isKnown: Bool { ProfileDocument.builtInEffects.contains(effect) }

    /// Asks, and says in some words what was found.
    func ask() async throws(EffectError) -> String {
        switch effect {
        case StorageEffect.name:
            let page = try await effects[StorageEffect.self, instance: instance].list(prefix: "", after: nil, limit: 1)
            return page.items.isEmpty ? "no values yet" : "holds values"
        case JournalEffect.name:
            let frontier = try await effects[JournalEffect.self, instance: instance].frontier()
            let count = frontier.heads.count
            return "\(count) \(count == 1 ? "origin" : "origins"), root hash \("\(frontier.rootHash)".prefix(12))"
        case NetworkEffect.name:
            let network = effects[NetworkEffect.self, instance: instance]
            let count = try await network.peers().count
            return "is \(HandlerErrors.quote(network.localPeer.rawValue)), \(count) \(count == 1 ? "peer" : "peers")"
        case TimeEffect.name:
            let now = effects[TimeEffect.self, instance: instance].now
            return "says \(UTCTime.iso(now.millisecondsSinceEpoch)), \(uncertainty(of: now))"
        case RandomEffect.name:
            _ = effects[RandomEffect.self, instance: instance].bytes(16)
            return "gives numbers"
        case CryptoEffect.name:
            let digest = try await effects[CryptoEffect.self, instance: instance].digest(of: [], by: .sha256)
            guard digest == SHA256.hash([]).bytes else {
                throw EffectError(
                    .internal,
                    "The SHA-256 of nothing is wrong: do not use this handler.",
                    effect: effect
                )
            }
            return "hashes as it should"
        case KeysEffect.name:
            let count = try await effects[KeysEffect.self, instance: instance].keys().count
            return "\(count) \(count == 1 ? "version of a key" : "versions of keys")"
        default: return try await askCloud()
        }
    }

    private func askCloud() async throws(EffectError) -> String {
        switch effect {
        case ObjectsEffect.name:
            let page = try await effects[ObjectsEffect.self, instance: instance].list(prefix: "", after: nil, limit: 1)
            return page.items.isEmpty ? "no objects yet" : "holds objects"
        case KeyValuesEffect.name:
            let items = effects[KeyValuesEffect.self, instance: instance]
            let consistency = items.capabilities.contains(.strongReads) ? ReadConsistency.strong : .eventual
            _ = try await items.get(ItemKey(Self.name, Self.name), consistency: consistency)
            return "answers reads"
        case TopicsEffect.name:
            do throws(EffectError) {
                let topics = effects[TopicsEffect.self, instance: instance]
                _ = try await topics.subscriptions(of: TopicName(rawValue: Self.name))
            } catch {
                // That there is no such topic is an answer.
                guard error.code == .notFound else { throw error }
            }
            return "answers"
        default:
            return isKnown
                ? "was made; it is not asked, since every question would have an effect"
                : "was made; it is not asked, since only the application knows what"
        }
    }

    private func uncertainty(of now: WallTime) -> String {
        now.uncertainty.map { "give or take \($0.spelled)" } ?? "with unknown uncertainty"
    }
}
