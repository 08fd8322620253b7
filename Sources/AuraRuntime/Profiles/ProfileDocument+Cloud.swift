/// The cloud's families stand below one key: `cloud: { objects: { handler: s3, … }, queue: { … } }`.
extension ProfileDocument {
    /// The components of the key of a family, or of one of its instances.
    static func path(of effect: String, instance: String = "") -> [String] {
        (cloudEffects.contains(effect) ? [cloudKey] : []) + [effect] + (instance.isEmpty ? [] : [instance])
    }

    /// The key of a family, or of one of its instances, as messages name it.
    static func key(of effect: String, instance: String = "") -> String {
        path(of: effect, instance: instance).joined(separator: ".")
    }

    private static var services: String { cloudEffects.joined(separator: ", ") }

    /// Takes in the families below `cloud`.
    mutating func addCloud(_ entry: ProfileEntry) {
        guard let entries = entry.value.entries, !entries.isEmpty else {
            let example = "write '\(Self.cloudKey): { \(Self.cloudEffects[0]): { handler: NAME } }'"
            let message = "must be a mapping of services, not \(entry.value.kind); \(example)"
            refuse(Self.cloudEffects, .invalidValue, at: entry.place, key: Self.cloudKey, message)
            return
        }
        for service in entries {
            guard Self.cloudEffects.contains(service.key) else {
                let near = suggestion(for: service.key, in: Self.cloudEffects)
                let message = "unknown service\(near)'\(Self.cloudKey)' takes: \(Self.services)"
                let meant = nearestName(to: service.key, in: Self.cloudEffects).map { [$0] } ?? []
                refuse(meant, .unknownKey, at: service.place, key: "\(Self.cloudKey).\(service.key)", message)
                continue
            }
            addFamily(service)
        }
    }

    /// Refuses a family of the cloud that stands beside the key that it belongs below.
    mutating func refuseOutsideCloud(_ entry: ProfileEntry) {
        let message = "stands below '\(Self.cloudKey)'; write '\(Self.cloudKey): { \(entry.key): { handler: NAME } }'"
        refuse([entry.key], .unknownKey, at: entry.place, key: entry.key, message)
    }

    private mutating func refuse(
        _ meant: [String],
        _ code: ProfileError.Code,
        at place: SettingPlace,
        key: String,
        _ message: String
    ) {
        problems.append(ProfileError(code, at: place, key: key, message))
        misread.formUnion(meant.map { Self.key(of: $0) })
    }
}
