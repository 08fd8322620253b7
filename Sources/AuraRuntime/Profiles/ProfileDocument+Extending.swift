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
        result.families = base.families.map { family in
            families.first { $0.effect == family.effect }?.extending(family) ?? family
        }
        result.families += families.filter { family in !base.families.contains { $0.effect == family.effect } }
        return result
    }
}

extension ProfileDocument.Family {
    fileprivate func extending(_ base: Self) -> Self {
        var result = self
        result.instances = base.instances.map { instance in
            instances.first { $0.name == instance.name }?.extending(instance) ?? instance
        }
        result.instances += instances.filter { instance in !base.instances.contains { $0.name == instance.name } }
        return result
    }
}

extension ProfileDocument.Instance {
    fileprivate func extending(_ base: Self) -> Self {
        if let handler, let other = base.handler, handler.text != other.text { return self }
        var result = self
        result.handler = handler ?? base.handler
        result.settings = base.settings.map { setting in settings.first { $0.key == setting.key } ?? setting }
        result.settings += settings.filter { setting in !base.settings.contains { $0.key == setting.key } }
        return result
    }
}
