internal import AuraEffects

/// A journal's heads within a range of origins: all of them, unless they do not fit into one message.
struct FrontierPage: Sendable, Hashable {
    /// The range begins after this origin; `nil` for the first.
    var after: OriginID?
    /// The range ends with this origin; `nil` for the last.
    var through: OriginID?
    /// The heads in the order of their origins.
    var heads: [OriginHead]

    /// The first heads of a range, as many as `limit`.
    ///
    /// - Parameters:
    ///   - heads: All heads in the order of their origins.
    ///   - after: Where the range begins.
    ///   - through: Where it ends, unless the limit ends it earlier.
    ///   - limit: The most heads.
    init(of heads: [OriginHead], after: OriginID?, through: OriginID? = nil, limit: Int) {
        let inside = heads.filter { head in
            after.map { head.origin > $0 } ?? true && through.map { head.origin <= $0 } ?? true
        }
        self.after = after
        self.through = inside.count > limit ? inside[limit - 1].origin : through
        self.heads = Array(inside.prefix(limit))
    }

    init(after: OriginID?, through: OriginID?, heads: [OriginHead]) {
        self.after = after
        self.through = through
        self.heads = heads
    }

    func contains(_ origin: OriginID) -> Bool {
        after.map { origin > $0 } ?? true && through.map { origin <= $0 } ?? true
    }
}

extension MessageWriter {
    mutating func append(_ page: FrontierPage) {
        append(page.after)
        append(page.through)
        append(page.heads)
    }
}

extension MessageReader {
    mutating func frontierPage() throws(MessageFault) -> FrontierPage {
        let page = FrontierPage(after: try optionalOrigin(), through: try optionalOrigin(), heads: try heads())
        guard page.heads.allSatisfy({ page.contains($0.origin) }) else {
            throw MessageFault("has heads outside of its range")
        }
        return page
    }
}
