internal import AuraEffects
internal import AuraRuntime

extension CommitLog {
    /// The commits that follow a number, as far as one request gives them.
    ///
    /// - Returns: The commits without a gap, and whether there were no more.
    func commits(
        after number: UInt64,
        in operation: String
    ) async throws(EffectError) -> (commits: [Numbered], isEnd: Bool) {
        let first = number + 1
        let query = ItemQuery(Self.partition(of: first, prefix), .range(from: Self.sort(of: first), before: nil))
        let page: ItemPage
        do throws(EffectError) {
            page = try await table.query(query, after: nil, limit: Self.pageSize, consistency: .strong)
        } catch {
            throw mapped(error, in: operation)
        }
        var commits: [Numbered] = []
        for item in page.items {
            let next = first + UInt64(commits.count)
            guard item.key.sort == Self.sort(of: next) else {
                // A page may be read in pieces, between which commits came: what is before this one is there by now, or was lost.
                commits.append(try await stored(next, in: operation)?.numbered ?? Numbered(number: next))
                return (commits, false)
            }
            commits.append(try await commit(in: item, next, operation))
        }
        let last = number + UInt64(commits.count)
        let endsPartition = (last + 1) >> Self.partitionBits != first >> Self.partitionBits
        return (commits, page.next == nil && !endsPartition)
    }

    /// The commit of a number and its item; `nil` where there is none.
    func stored(
        _ number: UInt64,
        in operation: String
    ) async throws(EffectError) -> (numbered: Numbered, item: StoredItem)? {
        guard let item = try await get(key(of: number), in: operation) else { return nil }
        return (try await commit(in: item, number, operation), item)
    }

    /// The id of the commit of a number; `nil` where there is none.
    func id(of number: UInt64, in operation: String) async throws(EffectError) -> EntryID? {
        guard let item = try await get(key(of: number), in: operation) else { return nil }
        guard let id = item.item.commitID else { throw damaged(number, operation) }
        return id
    }

    private func commit(
        in item: StoredItem,
        _ number: UInt64,
        _ operation: String
    ) async throws(EffectError) -> Numbered {
        var item = item
        while let id = item.item.commitID, case .integer(let checksum) = item.attributes["checksum"] {
            if let bytes = try await body(of: item, operation) {
                let isSound = Self.checksum(bytes, number) == checksum
                return Numbered(number: number, commit: CommitCoding.decode(bytes, id: id), isSound: isSound)
            }
            // Its parts may have been replaced since the item was read: then the item names others by now.
            guard let current = try await get(key(of: number), in: operation), current.revision != item.revision else {
                break
            }
            item = current
        }
        return Numbered(number: number)
    }

    private func body(of item: StoredItem, _ operation: String) async throws(EffectError) -> [UInt8]? {
        if case .bytes(let bytes) = item.attributes["body"] { return bytes }
        return try await bytes(in: item.item.parts, for: operation)
    }
}
