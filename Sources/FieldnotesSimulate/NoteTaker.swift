internal import AuraEffects
internal import AuraSimulation
internal import FieldnotesCore

/// A person who writes notes on one device, and tries again later where that fails.
struct NoteTaker: Sendable {
    let number: Int
    let node: Node
    let time: VirtualTimeHandler
    let meanPause: Duration

    /// Writes until a duration is over.
    func write(for duration: Duration) async throws {
        let end = time.monotonicNow.advanced(by: duration)
        var count = 0
        while true {
            try await time.sleep(for: meanPause * (Double(Int.random(in: 0..<2_000)) / 1_000))
            guard time.monotonicNow < end else { return }
            count += 1
            let text = "note \(count) of writer \(number)"
            // What a device refuses, or does not answer because it is down, is the writer's bad luck.
            try? await node.perform { effects in try await Self.change(Notebook(effects), text) }
        }
    }

    private static func change(_ notebook: Notebook, _ text: String) async throws {
        try await notebook.catchUp()
        let notes = try await notebook.recentNotes(limit: 8)
        guard let note = notes.randomElement()?.note, Int.random(in: 0..<10) >= 4 else {
            let tags = [NoteTag(exactly: "new")].compactMap(\.self)
            _ = try await notebook.add(Array(text.utf8), tags: tags)
            return
        }
        switch Int.random(in: 0..<4) {
        case 0: try await notebook.setTitle("title of \(text)", of: note)
        case 1: try await notebook.tag(note, add: tags(), remove: tags())
        default: try await notebook.edit(note, text: Array(text.utf8))
        }
    }

    private static func tags() -> [NoteTag] {
        ["bird", "river", "mill", "new"].filter { _ in Bool.random() }.compactMap { NoteTag(exactly: $0) }
    }
}
