package import AuraEffects
internal import Synchronization

/// Files that live as long as the process: for tests.
package final class MemoryFolderHandler: FolderEffects {
    /// A file or a link.
    private enum Item {
        case file([UInt8], modified: UInt64)
        case link
    }

    private let items = Mutex<[String: Item]>([:])

    package let capabilities: Capabilities

    /// Creates a handler without files.
    package init(isWritable: Bool = true) {
        capabilities = Capabilities(isWritable ? [.writable] : [])
    }

    /// Puts a file at an absolute path.
    package func put(_ bytes: [UInt8], at path: String, modified: UInt64 = 0) {
        items.withLock { $0[path] = .file(bytes, modified: modified) }
    }

    /// Puts a text file at an absolute path.
    package func put(_ text: String, at path: String, modified: UInt64 = 0) {
        put(Array(text.utf8), at: path, modified: modified)
    }

    /// Puts a link at an absolute path; where it leads does not matter, since links are not followed.
    package func putLink(at path: String) {
        items.withLock { $0[path] = .link }
    }

    /// The files by path.
    package var files: [String: [UInt8]] {
        items.withLock { items in
            items.compactMapValues { item in
                guard case .file(let bytes, _) = item else { return nil }
                return bytes
            }
        }
    }

    package func resolve(_ folder: String) async throws(EffectError) -> String {
        try EffectError.checkCancellation("resolve")
        let path = Self.absolute(folder)
        let (isFile, isFolder) = items.withLock { items in
            (items[path] != nil, items.keys.contains { $0.hasPrefix(path == "/" ? "/" : path + "/") })
        }
        guard isFolder else {
            throw isFile
                ? failure(.invalidArgument, "'\(folder)' is not a folder.", "resolve")
                : failure(.notFound, "There is no folder '\(folder)'.", "resolve")
        }
        return path
    }

    package func list(_ folder: String, after name: String?, limit: Int) async throws(EffectError) -> FolderPage {
        guard limit > 0 else { throw failure(.invalidArgument, "A page has at least one item.", "list") }
        let prefix = try await FolderPath.join(resolve(folder), "")
        let all = items.withLock { Self.children(of: prefix.hasSuffix("/") ? prefix : prefix + "/", in: $0) }
        let rest = all.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .filter { item in name.map { $0.utf8.lexicographicallyPrecedes(item.name.utf8) } ?? true }
        let page = Array(rest.prefix(limit))
        return FolderPage(items: page, next: rest.count > limit ? page.last?.name : nil, unreadableNames: 0)
    }

    package func read(_ file: String, from offset: Int, limit: Int) async throws(EffectError) -> [UInt8] {
        try EffectError.checkCancellation("read")
        guard case .file(let bytes, _) = items.withLock({ $0[Self.absolute(file)] }) else {
            throw failure(.notFound, "There is no file '\(file)'.", "read")
        }
        return Array(bytes.dropFirst(offset).prefix(limit))
    }

    package func replace(
        _ path: String,
        in folder: String,
        with contents: @escaping FolderContents
    ) async throws(EffectError) {
        try EffectError.checkCancellation("replace")
        guard capabilities.contains(.writable) else {
            throw failure(.unsupported, "This folder handler only reads.", "replace")
        }
        try FolderPath.checkInside(path, handler: "memory")
        var bytes: [UInt8] = []
        var part = try await contents(0)
        var count = 0
        while !part.isEmpty {
            bytes += part
            count += 1
            part = try await contents(count)
        }
        put(bytes, at: FolderPath.join(Self.absolute(folder), path))
    }

    private static func absolute(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }

    private static func children(of prefix: String, in items: [String: Item]) -> [FolderItem] {
        var children: [String: FolderItem] = [:]
        for (path, item) in items where path.hasPrefix(prefix) {
            let parts = path.dropFirst(prefix.count).split(separator: "/", maxSplits: 1)
            guard let name = parts.first.map(String.init) else { continue }
            switch item {
            case _ where parts.count > 1:
                children[name] = FolderItem(name: name, kind: .folder, byteCount: 0, modified: 0)
            case .file(let bytes, let modified):
                children[name] = FolderItem(name: name, kind: .file, byteCount: bytes.count, modified: modified)
            case .link:
                children[name] = FolderItem(name: name, kind: .link, byteCount: 0, modified: 0)
            }
        }
        return Array(children.values)
    }

    private func failure(_ code: EffectError.Code, _ message: String, _ operation: String) -> EffectError {
        EffectError(code, message, effect: FolderEffect.name, operation: operation, handler: "memory")
    }
}
