internal import AuraEffects

/// Something in a folder.
package struct FolderItem: Hashable, Codable, Sendable {
    package enum Kind: Hashable, Codable, Sendable {
        case file
        case folder
        case link
        /// A socket, a device and the like.
        case other
    }

    package var name: String
    package var kind: Kind
    /// A file's size when it was listed.
    package var byteCount: Int
    /// When the item was changed, in milliseconds since 1970; zero for a moment before.
    package var modified: UInt64
}

/// One page of what lies in a folder.
package struct FolderPage: Hashable, Codable, Sendable {
    package var items: [FolderItem]
    /// Where the next page starts, to pass as `after`; `nil` on the last page.
    package var next: String?
    /// How many items are not listed because their names are not UTF-8; told on the first page.
    package var unreadableNames: Int
}

/// Paths as the handlers take them: `/` between the parts.
package enum FolderPath {
    package static func join(_ folder: String, _ path: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    /// Refuses a path that would lead out of the folder that it belongs in.
    static func checkInside(_ path: String, handler: String) throws(EffectError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isInside = parts.allSatisfy { !["", ".", ".."].contains($0) && !$0.utf8.contains(0) }
        guard isInside else {
            throw EffectError(
                .invalidArgument,
                "The path '\(path)' does not stay within its folder: nothing was written.",
                effect: FolderEffect.name,
                operation: "replace",
                handler: handler
            )
        }
    }
}

extension EffectError {
    /// Fails once the task is cancelled.
    static func checkCancellation(_ operation: String = "") throws(EffectError) {
        guard Task.isCancelled else { return }
        throw EffectError(.cancelled, "The task was cancelled.", operation: operation)
    }
}
