internal import AuraEffects

extension StorageOperation {
    /// The operation as Swift code.
    var source: String {
        switch self {
        case .read(let key): return ".read(\(key.source))"
        case .write(let bytes, let key, let condition):
            return ".write(\(bytes.source), to: \(key.source)\(condition.argument))"
        case .remove(let key, let condition): return ".remove(\(key.source)\(condition.argument))"
        case .list(let prefix, let after, let limit):
            let prefix = prefix.isEmpty ? "" : "prefix: \(swiftSource(of: prefix)), "
            let after = after.map { "after: \($0.source), " } ?? ""
            return ".list(\(prefix)\(after)limit: \(limit == .max ? ".max" : "\(limit)"))"
        case .listAll(let prefix, let pageSize):
            let prefix = prefix.isEmpty ? "" : "prefix: \(swiftSource(of: prefix)), "
            return ".listAll(\(prefix)pageSize: \(pageSize))"
        case .transact(let mutations): return ".transact([\(mutations.map(\.alone.source).joined(separator: ", "))])"
        case .reopen: return ".reopen"
        case .crash: return ".crash"
        }
    }
}

extension StorageOperation.Condition {
    fileprivate var argument: String {
        switch self {
        case .none: ""
        case .absent: ", if: .absent"
        case .latest: ", if: .latest"
        case .previous: ", if: .previous"
        case .latestOf(let key): ", if: .latestOf(\(key.source))"
        case .neverIssued: ", if: .neverIssued"
        }
    }
}
