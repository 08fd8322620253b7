package import AuraEffects

/// What a walk through a folder passes by.
package struct SkippedItems: Hashable, Sendable {
    /// Files whose suffix says that they are compressed or an archive.
    package var compressed = 0
    /// Files that are not UTF-8 text.
    package var notText = 0
    /// Files and folders whose names begin with a dot.
    package var hidden = 0
    /// Links, which are not followed: what they lead to is imported where it lies, and a loop leads nowhere.
    package var links = 0
    /// Sockets, devices and the like.
    package var special = 0
    /// Names that are not UTF-8.
    package var unreadableNames = 0
    /// Files and folders that the user may not read, or that are gone.
    package var unreadable = 0
    /// Files that were written to while they were read.
    package var changing = 0

    /// The counts that are not zero, with what they count.
    package var counts: [(name: String, count: Int)] {
        [
            ("compressed", compressed), ("not text", notText), ("hidden", hidden), ("links", links),
            ("special files", special), ("names that are not UTF-8", unreadableNames), ("unreadable", unreadable),
            ("changed while read", changing),
        ]
        .filter { $0.1 > 0 }
    }

    package var total: Int { counts.reduce(0) { $0 + $1.count } }
}

/// A file that a walk has come to.
package struct WalkedFile: Hashable, Sendable {
    /// The path within the folder that is walked.
    package var path: String
    package var byteCount: Int
    package var modified: UInt64
}

/// Visits the files of a tree in the order of their names, holding no more than a page per level of folders.
package struct FolderWalk {
    private struct Level {
        var path: String
        var items: ArraySlice<FolderItem> = []
        var next: String?
        var isListed = false
    }

    private static let pageItems = 1024
    private static let compressedSuffixes = [".gz", ".bz2", ".xz", ".zst", ".lz", ".lzma", ".Z", ".zip", ".7z", ".tgz"]

    private let folder: any FolderEffects
    private let root: String
    private var levels: [Level]
    package private(set) var skipped = SkippedItems()

    /// Creates a walk.
    ///
    /// - Parameters:
    ///   - root: The tree's folder.
    ///   - folder: The effect to read it with.
    package init(_ root: String, in folder: any FolderEffects) {
        self.root = root
        self.folder = folder
        levels = [Level(path: "")]
    }

    /// The next file, or `nil` after the last.
    package mutating func next() async throws(EffectError) -> WalkedFile? {
        while !levels.isEmpty {
            if let item = levels[levels.count - 1].items.popFirst() {
                let parent = levels[levels.count - 1].path
                if let file = visit(item, path: FolderPath.join(parent, item.name)) { return file }
            } else {
                try await turnPage()
            }
        }
        return nil
    }

    private mutating func visit(_ item: FolderItem, path: String) -> WalkedFile? {
        if item.name.hasPrefix(".") {
            skipped.hidden += 1
            return nil
        }
        switch item.kind {
        case .folder:
            levels.append(Level(path: path))
        case .link:
            skipped.links += 1
        case .other:
            skipped.special += 1
        case .file where Self.compressedSuffixes.contains { item.name.hasSuffix($0) }:
            skipped.compressed += 1
        case .file:
            return WalkedFile(path: path, byteCount: item.byteCount, modified: item.modified)
        }
        return nil
    }

    /// Reads the next page of the deepest folder, or leaves it.
    private mutating func turnPage() async throws(EffectError) {
        var level = levels.removeLast()
        if level.isListed && level.next == nil { return }
        do {
            let path = level.path.isEmpty ? root : FolderPath.join(root, level.path)
            let page = try await folder.list(path, after: level.next, limit: Self.pageItems)
            skipped.unreadableNames += page.unreadableNames
            level.items = page.items[...]
            level.next = page.next
            level.isListed = true
            levels.append(level)
        } catch  where error.isOfOneItem && !level.path.isEmpty {
            skipped.unreadable += 1
        }
    }
}

extension EffectError {
    /// Whether the error is a single file's or folder's, so that the others can still be read.
    var isOfOneItem: Bool {
        switch code {
        case .notFound, .permissionDenied, .invalidArgument: true
        default: false
        }
    }
}
