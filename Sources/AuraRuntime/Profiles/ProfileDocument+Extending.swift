extension ProfileDocument {
    /// This document on top of the one that it extends.
    ///
    /// Settings are merged key by key. Those of another handler are not: an instance that names another handler than its
    /// base starts anew, since the base's settings belong to the base's handler.
    func extending(_ base: ProfileDocument) -> ProfileDocument {
        var result = self
        result.environment = environment ?? base.environment
        result.waive = waive ?? base.waive
        result.others = base.others.filter { other in !others.contains { $0.key == other.key } } + others
        result.problems = base.problems + problems
        result.misread = base.misread.union(misread)
        result.sections.merge(base.sections) { section, base in
            ProfileEntry(key: section.key, place: section.place, value: section.value.extending(base.value))
        }
        result.families = base.families.map { family in
            families.first { $0.effect == family.effect }?.extending(family) ?? family
        }
        result.families += families.filter { family in !base.families.contains { $0.effect == family.effect } }
        return result
    }
}

extension ProfileNode {
    /// A mapping on top of another one, merged key by key; any other value replaces its base.
    fileprivate func extending(_ base: ProfileNode) -> ProfileNode {
        guard case .mapping(let entries, let place) = self, let baseEntries = base.entries else { return self }
        let merged = baseEntries.map { baseEntry in
            guard let entry = entries.first(where: { $0.key == baseEntry.key }) else { return baseEntry }
            return ProfileEntry(key: entry.key, place: entry.place, value: entry.value.extending(baseEntry.value))
        }
        let added = entries.filter { entry in !baseEntries.contains { $0.key == entry.key } }
        return .mapping(merged + added, place)
    }
}

extension ProfileDocument.Family {
    fileprivate func extending(_ base: Self) -> Self {
        var result = self
        if let standard = base.instances.first(where: { $0.name.isEmpty }) {
            result.instances = instances(asSettingsOf: standard)
        }
        let instances = result.instances
        result.instances = base.instances.map { instance in
            instances.first { $0.name == instance.name }?.extending(instance) ?? instance
        }
        result.instances += instances.filter { instance in !base.instances.contains { $0.name == instance.name } }
        return result
    }

    /// The instances, given that the base has a default one: `storage: { over: { path: … } }` reads like a named instance,
    /// and where the base's handler has settings under that name, changes those.
    private func instances(asSettingsOf standard: ProfileDocument.Instance) -> [ProfileDocument.Instance] {
        var changed = ProfileDocument.Instance(name: "", place: place, handler: nil, settings: [])
        let others = instances.filter { instance in
            guard standard.groups[instance.name] != nil else { return true }
            changed.groups[instance.name] = instance.place
            for (group, place) in instance.groups { changed.groups["\(instance.name).\(group)"] = place }
            if let handler = instance.handler {
                let value = ProfileNode.text(handler.text, handler.place)
                changed.settings.append(
                    ProfileEntry(key: "\(instance.name).handler", place: handler.place, value: value)
                )
            }
            for setting in instance.settings {
                let key = "\(instance.name).\(setting.key)"
                changed.settings.append(ProfileEntry(key: key, place: setting.place, value: setting.value))
            }
            return false
        }
        return others.count < instances.count ? [changed] + others : instances
    }
}

extension ProfileDocument.Instance {
    fileprivate func extending(_ base: Self) -> Self {
        if let handler, let other = base.handler, handler.text != other.text { return self }
        var result = self
        result.handler = handler ?? base.handler
        let replaced = groupsWithAnotherHandler(than: base).map { "\($0)." }
        let kept = base.settings.filter { setting in !replaced.contains { setting.key.hasPrefix($0) } }
        result.settings = kept.map { setting in settings.first { $0.key == setting.key } ?? setting }
        result.settings += settings.filter { setting in !kept.contains { $0.key == setting.key } }
        for (group, place) in base.groups where groups[group] == nil && !replaced.contains(where: group.hasPrefix) {
            result.groups[group] = place
        }
        return result
    }

    /// The nested settings that name another handler than the base's do: the base's belong to the base's handler.
    private func groupsWithAnotherHandler(than base: Self) -> [String] {
        groups.keys.filter { group in
            guard let handler = inner(group)?.handler, let other = base.inner(group)?.handler else { return false }
            return handler.text != other.text
        }
    }
}
