public import AuraEffects
internal import Synchronization

/// An effect of the fixture's own: notes in the order of their coming.
public protocol NotesEffects: EffectHandler {
    /// Adds a note.
    func add(_ text: String) async throws(EffectError)
    /// How many notes there are.
    var count: Int { get }
}

/// The key of ``NotesEffects``.
public enum NotesEffect: EffectKey {
    /// `notes`.
    public static let name = "notes"
    /// A handler that fails by name.
    public static var unimplemented: any NotesEffects { UnimplementedNotes() }
}

extension EffectSystem {
    /// Notes.
    public var notes: any NotesEffects { self[NotesEffect.self] }
}

private struct UnimplementedNotes: NotesEffects {
    var capabilities: Capabilities { Capabilities() }
    var count: Int { 0 }

    func add(_ text: String) async throws(EffectError) {
        throw EffectError(.unimplemented, "The effect 'notes' has no handler.", effect: "notes", operation: "add")
    }
}

/// Notes in memory, under either technology's name.
final class ListedNotes: NotesEffects {
    let capabilities: Capabilities
    private let texts = Mutex<[String]>([])

    init(_ capabilities: Capabilities) {
        self.capabilities = capabilities
    }

    var count: Int { texts.withLock { $0.count } }

    func add(_ text: String) async throws(EffectError) {
        texts.withLock { $0.append(text) }
    }
}

/// Notes that get a mark before others keep them.
struct MarkedNotes: NotesEffects {
    private let mark: String
    private let notes: any NotesEffects

    init(mark: String, over notes: any NotesEffects) {
        self.mark = mark
        self.notes = notes
    }

    var capabilities: Capabilities { notes.capabilities }
    var count: Int { notes.count }

    func add(_ text: String) async throws(EffectError) {
        try await notes.add(mark + text)
    }
}
