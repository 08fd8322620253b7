internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import FieldnotesCore

@Suite("Attachments")
struct AttachmentTests {
    private let fixture: Fixture
    private let bucket: FailingObjects

    init() {
        var fixture = Fixture()
        bucket = FailingObjects(MemoryObjectStorageHandler(time: fixture.time, random: SeededRandomHandler(seed: 3)))
        fixture.effects.objects = bucket
        self.fixture = fixture
    }

    private var notebook: Notebook { Notebook(fixture.effects) }

    private func note() async throws -> NoteID {
        try await notebook.add(Array("heron".utf8), tags: [])
    }

    private func objects() async throws -> [ObjectKey] {
        try await bucket.base.list(prefix: "", after: nil, limit: 1000).items.map(\.key)
    }

    private let large = String(repeating: "0123456789", count: 100_000)

    @Test("a file is attached, listed and fetched as it was, and the journal has its size and SHA-256")
    func roundTrip() async throws {
        let note = try await note()
        for (name, text) in [("large.txt", large), ("empty", ""), ("small", "x")] {
            fixture.folder.put(text, at: "/in/\(name)", modified: 0)
            let attachment = try await notebook.attach("/in/\(name)", to: note, name: name, contentType: "text/plain")
            #expect(attachment.file.byteCount == text.utf8.count)
            #expect(attachment.file.digest == SHA256.hash(Array(text.utf8)))
            try await notebook.fetch(attachment, to: name, in: "/out")
            #expect(try await fixture.folder.read("/out/\(name)", from: 0, limit: 2_000_000) == Array(text.utf8))
        }
        #expect(try await notebook.attachments(of: note).map(\.file.name) == ["empty", "large.txt", "small"])
        try await notebook.catchUp()
        #expect(try await notebook.verify().isClean)
        #expect(try await notebook.history(of: note).map(\.summary).contains { $0.hasPrefix("attached 'large.txt'") })
    }

    @Test("a file of the same name takes the place of the one before, whose bytes go")
    func replaced() async throws {
        let note = try await note()
        fixture.folder.put("one", at: "/f", modified: 0)
        let first = try await notebook.attach("/f", to: note, name: "f", contentType: nil)
        fixture.folder.put("two", at: "/f", modified: 1)
        let second = try await notebook.attach("/f", to: note, name: "f", contentType: nil)
        #expect(try await notebook.attachments(of: note) == [second])
        #expect(try await objects() == [second.key])
        #expect(first.key != second.key)
    }

    @Test("what is detached is gone, and what cannot be removed then is found later")
    func detached() async throws {
        let note = try await note()
        fixture.folder.put("one", at: "/f", modified: 0)
        let attachment = try await notebook.attach("/f", to: note, name: "f", contentType: nil)
        bucket.fail(["remove"])
        try await notebook.detach("f", from: note)
        #expect(try await notebook.attachments(of: note).isEmpty)
        #expect(try await objects() == [attachment.key])
        bucket.fail([])
        let report = try await notebook.removeUnreferencedObjects(of: note)
        #expect(report.removed == 1)
        #expect(try await objects() == [])
        let error = await thrownError { () throws(EffectError) in _ = try await notebook.detach("f", from: note) }
        #expect(error?.code == .notFound)
    }

    @Test("a failure between the bytes and the entry leaves no reference that leads nowhere")
    func crashes() async throws {
        let note = try await note()
        fixture.folder.put(large, at: "/f", modified: 0)
        for operation in ["put", "acknowledgement"] {
            bucket.fail([operation])
            let error = await thrownError { () throws(EffectError) in
                _ = try await notebook.attach("/f", to: note, name: "f", contentType: nil)
            }
            #expect(error != nil)
            bucket.fail([])
            #expect(try await notebook.attachments(of: note).isEmpty)
        }
        // The object whose acknowledgement was lost takes room, and is told; nothing refers to it.
        let report = try await notebook.removeUnreferencedObjects(of: note)
        #expect(report.removed == 0)
        #expect(try await objects() == report.unknown)
        #expect(report.unknown.count == 1)
    }

    @Test("another object under the key is corrupted and writes no file, and a missing one says so")
    func damaged() async throws {
        let note = try await note()
        fixture.folder.put("heron", at: "/f", modified: 0)
        let attachment = try await notebook.attach("/f", to: note, name: "f", contentType: nil)
        for (bytes, code) in [("HERON", EffectError.Code.corrupted), ("herons", .corrupted)] {
            _ = try await bucket.base.put(ByteStream(Array(bytes.utf8)), to: attachment.key)
            let error = await thrownError { () throws(EffectError) in
                try await notebook.fetch(attachment, to: "f", in: "/out")
            }
            #expect(error?.code == code)
        }
        try await bucket.base.remove(attachment.key)
        let error = await thrownError { () throws(EffectError) in
            try await notebook.fetch(attachment, to: "f", in: "/out")
        }
        #expect(error?.code == .notFound)
        let file = await thrownError { () throws(EffectError) in
            _ = try await fixture.folder.read("/out/f", from: 0, limit: 1)
        }
        #expect(file?.code == .notFound)
    }

    @Test("a body that breaks off is read on from where it ended")
    func broken() async throws {
        let note = try await note()
        fixture.folder.put(large, at: "/f", modified: 0)
        let attachment = try await notebook.attach("/f", to: note, name: "f", contentType: nil)
        bucket.fail(["body"])
        try await notebook.fetch(attachment, to: "f", in: "/out")
        #expect(try await fixture.folder.read("/out/f", from: 0, limit: 2_000_000) == Array(large.utf8))
        #expect(bucket.rangesAsked.count > 1)
    }

    @Test("two devices that attach and detach without knowing of each other lose nothing that they have not seen")
    func devices() async throws {
        let note = try await note()
        fixture.folder.put("left", at: "/f", modified: 0)
        let first = try await notebook.attach("/f", to: note, name: "f", contentType: nil)
        var right = Fixture(seed: 9)
        right.effects.objects = bucket
        _ = try await right.journal.merge(fixture.journal.entries(beyond: right.journal.frontier(), limit: 1000))
        let other = Notebook(right.effects)
        right.folder.put("right", at: "/f", modified: 0)
        let second = try await other.attach("/f", to: note, name: "f", contentType: nil)
        try await notebook.detach("f", from: note)
        _ = try await fixture.journal.merge(right.journal.entries(beyond: fixture.journal.frontier(), limit: 1000))
        _ = try await right.journal.merge(fixture.journal.entries(beyond: right.journal.frontier(), limit: 1000))
        #expect(try await notebook.attachments(of: note) == [second])
        #expect(try await other.attachments(of: note) == [second])
        #expect(first.key != second.key)
        #expect(try await objects() == [second.key])
    }

    @Test("a name that is none is refused", arguments: ["", "a\nb", String(repeating: "n", count: 256)])
    func names(_ name: String) async throws {
        let note = try await note()
        fixture.folder.put("x", at: "/f", modified: 0)
        let error = await thrownError { () throws(EffectError) in
            _ = try await notebook.attach("/f", to: note, name: name, contentType: nil)
        }
        #expect(error?.code == .invalidArgument)
        #expect(try await objects() == [])
    }
}

/// A bucket some of whose operations fail.
private final class FailingObjects: ObjectStorageEffects {
    private struct State {
        var failing: Set<String> = []
        var ranges: [ObjectRange?] = []
    }

    let base: MemoryObjectStorageHandler
    private let state = Mutex(State())

    init(_ base: MemoryObjectStorageHandler) {
        self.base = base
    }

    var capabilities: Capabilities { base.capabilities }

    func fail(_ operations: Set<String>) {
        state.withLock { $0.failing = operations }
    }

    var rangesAsked: [ObjectRange?] { state.withLock { $0.ranges } }

    private func check(_ operation: String, _ outcome: EffectError.Outcome = .notApplied) throws(EffectError) {
        guard state.withLock({ $0.failing.contains(operation) }) else { return }
        throw EffectError(.unavailable, "No.", effect: "objects", operation: operation, outcome: outcome)
    }

    func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? { try await base.info(key) }

    func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        let isBroken = state.withLock { state in
            state.ranges.append(range)
            return state.failing.contains("body") && state.ranges.count < 4
        }
        guard var content = try await base.get(key, range: range, if: condition) else { return nil }
        if isBroken {
            let bytes = try await content.body.bytes(atMost: .max)
            content.body = ByteStream(byteCount: bytes.count) { offset throws(EffectError) in
                guard offset < 100_000 else { throw EffectError(.unavailable, "It broke off.") }
                return Array(bytes[offset..<offset + 50_000])
            }
        }
        return content
    }

    func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try check("put")
        let revision = try await base.put(body, to: key, metadata: metadata, if: precondition)
        try check("acknowledgement", .unknown)
        return revision
    }

    func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        try check("remove")
        try await base.remove(key, matching: revision)
    }

    func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await base.copy(source, matching: revision, to: key, if: precondition)
    }

    func list(prefix: String, after token: PageToken?, limit: Int) async throws(EffectError) -> ObjectPage {
        try await base.list(prefix: prefix, after: token, limit: limit)
    }

    func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        try await base.beginUpload(to: key, metadata: metadata)
    }

    func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        try await base.uploadPart(number, of: upload, body)
    }

    func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await base.completeUpload(upload, parts: parts, if: precondition)
    }

    func abortUpload(_ upload: ObjectUpload) async throws(EffectError) { try await base.abortUpload(upload) }

    func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        try await base.presignedURL(access, to: key, expiresIn: duration)
    }
}
