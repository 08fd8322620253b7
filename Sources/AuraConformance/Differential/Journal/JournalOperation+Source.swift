internal import AuraEffects

extension JournalOperation {
    /// The operation as Swift code.
    var source: String {
        switch self {
        case .append(let parts): return ".append([\(parts.map(\.source).joined(separator: ", "))])"
        case .read(let stream, let place, let limit, let isBackwards):
            let from = place.map { "from: \($0.source), " } ?? ""
            return ".read(\(stream.source), \(from)\(Self.limit(limit))\(isBackwards ? ", backwards: true" : ""))"
        case .entry(let stream, let id): return ".entry(\(stream.source), id: \(id))"
        case .readAll(let start, let limit):
            return ".readAll(\(start == .start ? "" : "after: \(start.source), ")\(Self.limit(limit)))"
        case .subscribe(let start): return ".subscribe(\(start == .start ? "" : "after: \(start.source)"))"
        case .saveSnapshot(let stream, let place, let state):
            return ".saveSnapshot(\(stream.source), at: \(place.source), \(state.source))"
        case .latestSnapshot(let stream): return ".latestSnapshot(\(stream.source))"
        case .compact(let stream, let place): return ".compact(\(stream.source), before: \(place.source))"
        case .frontier: return ".frontier"
        case .entries(let known, let pageSize):
            return ".entries(\(known == .nothing ? "" : "beyond: \(known.source), ")pageSize: \(pageSize))"
        case .transfer(let transfer): return ".transfer(\(transfer.source))"
        case .verify: return ".verify"
        case .reopen: return ".reopen"
        case .crash: return ".crash"
        case .atPeer(let number, let operation): return ".atPeer(\(number), \(operation.source))"
        }
    }

    private static func limit(_ limit: Int) -> String {
        "limit: \(limit == .max ? ".max" : "\(limit)")"
    }
}

extension JournalOperation.Part {
    fileprivate var source: String {
        let expecting =
            switch expecting {
            case .any: ""
            case .empty: ", expecting: .empty"
            case .exactly(let place): ", expecting: .exactly(\(place.source))"
            }
        return ".init(to: \(stream.source), [\(drafts.map(\.source).joined(separator: ", "))]\(expecting))"
    }
}

extension JournalOperation.Draft {
    fileprivate var source: String {
        let payload = payload.count == 0 ? "" : ", \(payload.source)"
        return ".init(\(id)\(payload)\(kind == "k" ? "" : ", kind: \(kind.source)"))"
    }
}

extension JournalOperation.Place {
    fileprivate var source: String {
        switch self {
        case .revision(let number): ".revision(\(number == .max ? ".max" : "\(number)"))"
        case .end(let offset): ".end(\(offset == 0 ? "" : "\(offset)"))"
        }
    }
}

extension JournalOperation.Start {
    fileprivate var source: String {
        switch self {
        case .start: ".start"
        case .entry(let number): ".entry(\(number))"
        case .beyondAll: ".beyondAll"
        }
    }
}

extension JournalOperation.Known {
    fileprivate var source: String {
        switch self {
        case .nothing: ".nothing"
        case .frontier(let number): ".frontier(of: \(number))"
        case .forged(let number): ".forged(of: \(number))"
        }
    }
}

extension JournalTransfer {
    fileprivate var source: String {
        let arguments = [
            "from: \(sender), to: \(receiver)", repeats ? "repeats: true" : nil,
            skipping == 0 ? nil : "skipping: \(skipping)", limit == .max ? nil : "limit: \(limit)",
            isAltered ? "isAltered: true" : nil,
        ]
        return "JournalTransfer(\(arguments.compactMap(\.self).joined(separator: ", ")))"
    }
}
