internal import AuraEffects

/// A storage, and the revisions that it issued.
actor StorageSide: DifferentialSide {
    private let harness: any ConformanceHarness<any StorageEffects>
    private let isSubject: Bool
    private var opened: (any StorageEffects)?
    private var revisions = Correspondence<StorageRevision>()
    private var issued: [StorageKey: [StorageRevision]] = [:]

    init(_ harness: any ConformanceHarness<any StorageEffects>, isSubject: Bool) {
        self.harness = harness
        self.isSubject = isSubject
    }

    func answer(_ operation: StorageOperation) async -> DifferentialAnswer {
        do {
            return DifferentialAnswer(try await carryOut(operation))
        } catch {
            return DifferentialAnswer(error)
        }
    }

    private func storage() async throws -> any StorageEffects {
        if let opened { return opened }
        let made = try await harness.make()
        opened = made
        return made
    }

    private func carryOut(_ operation: StorageOperation) async throws -> String {
        let storage = try await storage()
        switch operation {
        case .read(let key):
            guard let value = try await storage.read(key) else { return "no value" }
            return "\(CountedBytes.describe(value.bytes)), revision \(revisions.number(value.revision))"
        case .write(let bytes, let key, let condition):
            return note(try await storage.write(bytes.bytes, to: key, if: precondition(condition, key)), for: key)
        case .remove(let key, let condition):
            return try await storage.remove(key, if: precondition(condition, key)) ? "removed" : "there was none"
        case .list(let prefix, let after, let limit):
            return try await list(storage, prefix: prefix, after: after, pageSize: limit, limit: limit)
        case .listAll(let prefix, let pageSize):
            return try await list(storage, prefix: prefix, after: nil, pageSize: pageSize, limit: .max)
        case .transact(let mutations):
            let issued = try await storage.transact(mutations.map { self.mutation($0) })
            try expectEqual(issued.count, mutations.count, "the number of answers to the mutations")
            let notes = zip(mutations, issued)
                .map { mutation, revision in
                    revision.map { note($0, for: mutation.key) } ?? "no revision"
                }
            return "\(notes)"
        case .reopen:
            if isSubject { opened = try await harness.reopened(storage) }
            return "reopened"
        case .crash:
            if isSubject { opened = try await harness.crashed(storage) }
            return "crashed"
        }
    }

    private func note(_ revision: StorageRevision, for key: StorageKey) -> String {
        issued[key, default: []].append(revision)
        return "revision \(revisions.number(revision))"
    }

    private func mutation(_ mutation: StorageOperation.Mutation) -> StorageMutation {
        let condition = precondition(mutation.condition, mutation.key)
        switch mutation {
        case .write(let bytes, let key, _): return .write(bytes.bytes, to: key, if: condition)
        case .remove(let key, _): return .remove(key, if: condition)
        }
    }

    private func precondition(_ condition: StorageOperation.Condition, _ key: StorageKey) -> StoragePrecondition {
        switch condition {
        case .none: .none
        case .absent: .absent
        case .latest: .matches(issued[key]?.last ?? Self.neverIssued)
        case .previous: .matches(issued[key]?.dropLast().last ?? Self.neverIssued)
        case .latestOf(let other): .matches(issued[other]?.last ?? Self.neverIssued)
        case .neverIssued: .matches(Self.neverIssued)
        }
    }

    private static let neverIssued = StorageRevision(rawValue: .max)

    /// Lists up to `limit` keys; a handler may give fewer on a page than it is asked for.
    private func list(
        _ storage: any StorageEffects,
        prefix: String,
        after: StorageKey?,
        pageSize: Int,
        limit: Int
    ) async throws -> String {
        var items: [StoragePage.Item] = []
        var after = after
        repeat {
            let size = min(pageSize, limit - items.count)
            let page = try await storage.list(prefix: prefix, after: after, limit: size)
            try expect(page.items.count <= size, "a page of limit \(size) has \(page.items.count) items")
            items += page.items
            if let after, let next = page.next {
                try expect(next > after, "the next page begins at or before this one")
            }
            after = page.next
        } while after != nil && items.count < limit
        let lines = items.map { item in
            "\(item.key.source) revision \(revisions.number(item.revision)) \(item.byteCount) bytes"
        }
        return "\(lines)\(after == nil ? "" : ", and more")"
    }
}
