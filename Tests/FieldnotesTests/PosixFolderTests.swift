internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import FieldnotesCore

@Suite("The file system as a folder handler")
struct PosixFolderTests {
    private let folder: TemporaryFolder
    private let handler = PosixFolderHandler(isWritable: true, executor: ThreadExecutor(label: "test"))

    init() throws {
        folder = try TemporaryFolder()
    }

    private func put(_ text: String, _ path: String) throws {
        let url = URL(fileURLWithPath: folder.file(path))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test("lists names in the order of their bytes, page by page, and follows no link")
    func list() async throws {
        for name in ["b", "a", "B", "é", "z/inner"] { try put(name, name) }
        try FileManager.default.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: ".")
        for limit in 1...8 {
            var names: [String] = []
            var after: String?
            repeat {
                let page = try await handler.list(folder.path, after: after, limit: limit)
                #expect(page.items.count <= limit)
                names += page.items.map(\.name)
                after = page.next
            } while after != nil
            #expect(names == ["B", "a", "b", "loop", "z", "é"], "pages of \(limit)")
        }
        let items = try await handler.list(folder.path, after: nil, limit: 100).items
        #expect(items.map(\.kind) == [.file, .file, .file, .link, .folder, .file])
        #expect(items[0].byteCount == 1 && items[0].modified > 1_700_000_000_000)
    }

    @Test("a tree with a link to itself is walked to its end")
    func loop() async throws {
        try put("one", "a/one.txt")
        try FileManager.default.createSymbolicLink(atPath: folder.file("a/up"), withDestinationPath: "..")
        var walk = FolderWalk(try await handler.resolve(folder.path), in: handler)
        var paths: [String] = []
        while let file = try await walk.next() { paths.append(file.path) }
        #expect(paths == ["a/one.txt"])
        #expect(walk.skipped.links == 1)
    }

    @Test("names that are not UTF-8 are counted")
    func names() async throws {
        let path = (Array(folder.path.utf8) + Array("/x".utf8) + [0xff, 0]).map { CChar(bitPattern: $0) }
        let descriptor = unsafe open(path, O_CREAT, 0o600)
        #expect(descriptor >= 0)
        close(descriptor)
        let page = try await handler.list(folder.path, after: nil, limit: 10)
        #expect(page.items.isEmpty && page.unreadableNames == 1)
    }

    @Test("reads parts up to the file's end")
    func read() async throws {
        try put("0123456789", "f")
        #expect(try await handler.read(folder.file("f"), from: 2, limit: 3) == Array("234".utf8))
        #expect(try await handler.read(folder.file("f"), from: 8, limit: 30) == Array("89".utf8))
        #expect(try await handler.read(folder.file("f"), from: 10, limit: 30).isEmpty)
    }

    @Test("replaces a file as a whole, makes folders, and leaves nothing behind when it fails")
    func replace() async throws {
        try put("old", "deep/er/f")
        let path = folder.path
        try await handler.replace("deep/er/f", in: path) { part throws(EffectError) in part < 3 ? Array("new".utf8) : []
        }
        try await handler.replace("made/for/it", in: path) { _ throws(EffectError) in [] }
        #expect(try String(contentsOfFile: folder.file("deep/er/f"), encoding: .utf8) == "newnewnew")
        #expect(try String(contentsOfFile: folder.file("made/for/it"), encoding: .utf8) == "")
        let handler = handler
        let error = await thrownError { () throws(EffectError) in
            try await handler.replace("deep/er/f", in: path) { part throws(EffectError) in
                if part == 1 { throw EffectError(.corrupted, "broken off") }
                return [1]
            }
        }
        #expect(error?.code == .corrupted)
        #expect(try String(contentsOfFile: folder.file("deep/er/f"), encoding: .utf8) == "newnewnew")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("deep/er")) == ["f"])
    }

    @Test("says what is wrong, where, by code")
    func errors() async throws {
        try put("x", "f")
        let (handler, path) = (handler, folder.path)
        let cases: [(EffectError.Code, @Sendable () async throws(EffectError) -> Void)] = [
            (.notFound, { () throws(EffectError) in _ = try await handler.resolve(path + "/no") }),
            (.invalidArgument, { () throws(EffectError) in _ = try await handler.resolve(path + "/f") }),
            (.notFound, { () throws(EffectError) in _ = try await handler.read(path + "/no", from: 0, limit: 1) }),
            (.invalidArgument, { () throws(EffectError) in _ = try await handler.read(path, from: 0, limit: 1) }),
            (.notFound, { () throws(EffectError) in _ = try await handler.list(path + "/no", after: nil, limit: 1) }),
            (.invalidArgument, { () throws(EffectError) in _ = try await handler.list(path, after: nil, limit: 0) }),
            (
                .invalidArgument,
                { () throws(EffectError) in
                    try await handler.replace("../out", in: path) { _ throws(EffectError) in [] }
                }
            ),
            (
                .invalidArgument,
                { () throws(EffectError) in
                    try await handler.replace("f/below", in: path) { _ throws(EffectError) in [] }
                }
            ),
        ]
        for (code, body) in cases {
            let error = await thrownError(body)
            #expect(error?.code == code, "\(String(describing: error))")
            #expect(error?.handler == "posix")
        }
        let unreadable = PosixFolderHandler(isWritable: false, executor: ThreadExecutor(label: "test"))
        let error = await thrownError { () throws(EffectError) in
            try await unreadable.replace("f", in: path) { _ throws(EffectError) in [] }
        }
        #expect(error?.code == .unsupported)
    }
}
