internal import AuraEffects

extension JournalOperation: DifferentialOperation {
    var name: String {
        switch self {
        case .append: "append"
        case .read: "read"
        case .entry: "entry"
        case .readAll: "readAll"
        case .subscribe: "subscribe"
        case .saveSnapshot: "saveSnapshot"
        case .latestSnapshot: "latestSnapshot"
        case .compact: "compact"
        case .frontier: "frontier"
        case .entries: "entries"
        case .transfer: "transfer"
        case .verify: "verify"
        case .reopen: "reopen"
        case .crash: "crash"
        case .atPeer(_, let operation): "atPeer \(operation.name)"
        }
    }

    var simplifications: [JournalOperation] {
        switch self {
        case .append(let parts): Self.simplifications(of: parts)
        case .read(let stream, let place, let limit, let isBackwards):
            (isBackwards ? [.read(stream, from: place, limit: limit)] : [])
                + (place == nil ? [] : [.read(stream, limit: limit, backwards: isBackwards)])
                + (limit > 1 ? [.read(stream, from: place, limit: 1, backwards: isBackwards)] : [])
        case .readAll(let start, let limit):
            (start == .start ? [] : [.readAll(limit: limit)]) + (limit > 1 ? [.readAll(after: start, limit: 1)] : [])
        case .subscribe(let start): start == .start ? [] : [.subscribe()]
        case .saveSnapshot(let stream, let place, let state):
            (place == .end() ? [] : [.saveSnapshot(stream, at: .end(), state)])
                + state.simplifications.map { .saveSnapshot(stream, at: place, $0) }
        case .compact(let stream, let place): place == .end() ? [] : [.compact(stream, before: .end())]
        case .entries(let known, let pageSize):
            (known == .nothing ? [] : [.entries(pageSize: pageSize)])
                + (pageSize == 100 ? [] : [.entries(beyond: known, pageSize: 100)])
        case .transfer(let transfer): transfer.simplifications.map { .transfer($0) }
        case .atPeer(let number, let operation): operation.simplifications.map { .atPeer(number, $0) }
        case .entry, .latestSnapshot, .frontier, .verify, .reopen, .crash: []
        }
    }

    private static func simplifications(of parts: [Part]) -> [JournalOperation] {
        var simpler: [JournalOperation] = []
        for index in parts.indices {
            var fewer = parts
            fewer.remove(at: index)
            if !fewer.isEmpty { simpler.append(.append(fewer)) }
        }
        for (index, part) in parts.enumerated() {
            for simplerPart in part.simplifications {
                var changed = parts
                changed[index] = simplerPart
                simpler.append(.append(changed))
            }
        }
        return simpler
    }

    var names: [String] {
        switch self {
        case .append(let parts): parts.map(\.stream.text)
        case .read(let stream, _, _, _), .entry(let stream, _), .saveSnapshot(let stream, _, _),
            .latestSnapshot(let stream), .compact(let stream, _):
            [stream.text]
        case .atPeer(_, let operation): operation.names
        case .readAll, .subscribe, .frontier, .entries, .transfer, .verify, .reopen, .crash: []
        }
    }

    func renaming(_ old: String, to new: String) -> JournalOperation {
        func renamed(_ stream: StreamName) -> StreamName {
            stream == StreamName(old) ? StreamName(new) : stream
        }
        switch self {
        case .append(let parts):
            return .append(parts.map { Part(to: renamed($0.stream), $0.drafts, expecting: $0.expecting) })
        case .read(let stream, let place, let limit, let isBackwards):
            return .read(renamed(stream), from: place, limit: limit, backwards: isBackwards)
        case .entry(let stream, let id): return .entry(renamed(stream), id: id)
        case .saveSnapshot(let stream, let place, let state): return .saveSnapshot(renamed(stream), at: place, state)
        case .latestSnapshot(let stream): return .latestSnapshot(renamed(stream))
        case .compact(let stream, let place): return .compact(renamed(stream), before: place)
        case .atPeer(let number, let operation): return .atPeer(number, operation.renaming(old, to: new))
        case .readAll, .subscribe, .frontier, .entries, .transfer, .verify, .reopen, .crash: return self
        }
    }
}

extension JournalOperation.Part {
    fileprivate var simplifications: [JournalOperation.Part] {
        var simpler: [JournalOperation.Part] = []
        if expecting != .any { simpler.append(.init(to: stream, drafts)) }
        for index in drafts.indices {
            var fewer = drafts
            fewer.remove(at: index)
            simpler.append(.init(to: stream, fewer, expecting: expecting))
        }
        for (index, draft) in drafts.enumerated() {
            var candidates = draft.payload.simplifications.map {
                JournalOperation.Draft(draft.id, $0, kind: draft.kind)
            }
            if draft.kind != "k" { candidates.append(.init(draft.id, draft.payload)) }
            for candidate in candidates {
                var changed = drafts
                changed[index] = candidate
                simpler.append(.init(to: stream, changed, expecting: expecting))
            }
        }
        return simpler
    }
}

extension JournalTransfer {
    fileprivate var simplifications: [JournalTransfer] {
        let whole = JournalTransfer(from: sender, to: receiver)
        func with(_ path: WritableKeyPath<JournalTransfer, some Any>) -> JournalTransfer {
            var changed = self
            changed[keyPath: path] = whole[keyPath: path]
            return changed
        }
        let candidates = [whole, with(\.isAltered), with(\.repeats), with(\.skipping), with(\.limit)]
        return candidates.filter { $0 != self }
    }
}
