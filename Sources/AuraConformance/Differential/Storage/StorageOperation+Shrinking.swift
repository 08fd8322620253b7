internal import AuraEffects

extension StorageOperation: DifferentialOperation {
    var name: String {
        switch self {
        case .read: "read"
        case .write: "write"
        case .remove: "remove"
        case .list: "list"
        case .listAll: "listAll"
        case .transact: "transact"
        case .reopen: "reopen"
        case .crash: "crash"
        }
    }

    var simplifications: [StorageOperation] {
        switch self {
        case .read, .reopen, .crash: []
        case .write(let bytes, let key, let condition):
            condition.simplifications.map { .write(bytes, to: key, if: $0) }
                + bytes.simplifications.map { .write($0, to: key, if: condition) }
        case .remove(let key, let condition): condition.simplifications.map { .remove(key, if: $0) }
        case .list(let prefix, let after, let limit):
            (prefix.isEmpty ? [] : [.list(after: after, limit: limit)])
                + (after == nil ? [] : [.list(prefix: prefix, limit: limit)])
                + (limit > 1 ? [.list(prefix: prefix, after: after, limit: 1)] : [])
        case .listAll(let prefix, let pageSize):
            (prefix.isEmpty ? [] : [.listAll(pageSize: pageSize)])
                + (pageSize == 100 ? [] : [.listAll(prefix: prefix, pageSize: 100)])
        case .transact(let mutations): Self.simplifications(of: mutations)
        }
    }

    private static func simplifications(of mutations: [Mutation]) -> [StorageOperation] {
        if mutations.count == 1 { return [mutations[0].alone] }
        var simpler: [StorageOperation] = []
        for index in mutations.indices {
            var fewer = mutations
            fewer.remove(at: index)
            simpler.append(.transact(fewer))
        }
        for (index, mutation) in mutations.enumerated() {
            for operation in mutation.alone.simplifications {
                guard let change = Mutation(operation) else { continue }
                var changed = mutations
                changed[index] = change
                simpler.append(.transact(changed))
            }
        }
        return simpler
    }

    var names: [String] {
        switch self {
        case .read(let key): [key.text]
        case .write(_, let key, let condition), .remove(let key, let condition): [key.text] + condition.names
        case .list(let prefix, let after, _): [prefix, after?.text ?? ""].filter { !$0.isEmpty }
        case .listAll(let prefix, _): prefix.isEmpty ? [] : [prefix]
        case .transact(let mutations): mutations.flatMap { [$0.key.text] + $0.condition.names }
        case .reopen, .crash: []
        }
    }

    func renaming(_ old: String, to new: String) -> StorageOperation {
        func renamed(_ text: String) -> String {
            text.utf8.elementsEqual(old.utf8) ? new : text
        }
        func renamed(_ key: StorageKey) -> StorageKey {
            StorageKey(renamed(key.text))
        }
        func renamed(_ condition: Condition) -> Condition {
            guard case .latestOf(let key) = condition else { return condition }
            return .latestOf(renamed(key))
        }
        switch self {
        case .read(let key): return .read(renamed(key))
        case .write(let bytes, let key, let condition): return .write(bytes, to: renamed(key), if: renamed(condition))
        case .remove(let key, let condition): return .remove(renamed(key), if: renamed(condition))
        case .list(let prefix, let after, let limit):
            return .list(prefix: renamed(prefix), after: after.map { renamed($0) }, limit: limit)
        case .listAll(let prefix, let pageSize): return .listAll(prefix: renamed(prefix), pageSize: pageSize)
        case .transact(let mutations):
            return .transact(mutations.compactMap { Mutation($0.alone.renaming(old, to: new)) })
        case .reopen, .crash: return self
        }
    }
}

extension StorageOperation.Condition {
    fileprivate var simplifications: [StorageOperation.Condition] {
        switch self {
        case .none: []
        case .absent, .latest, .neverIssued: [.none]
        case .previous, .latestOf: [.none, .neverIssued]
        }
    }

    fileprivate var names: [String] {
        guard case .latestOf(let key) = self else { return [] }
        return [key.text]
    }
}
