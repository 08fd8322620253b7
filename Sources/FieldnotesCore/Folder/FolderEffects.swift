package import AuraEffects

// @Effect("folder")
/// The user's folders, what Fieldnotes reads notes from and writes them to: an effect of the application's own.
///
/// Every method throws ``EffectError``: `notFound` for a path where nothing is, `permissionDenied` where the user may
/// not, `invalidArgument` for a path that cannot be what it is used as, `resourceExhausted` for a full disk, `unavailable`
/// where the file system fails, `cancelled` once the task is cancelled before the operation began.
package protocol FolderEffects: EffectHandler {
    // @Operation(.idempotent, resource: "folder")
    /// A folder's absolute path without links.
    ///
    /// - Parameter folder: Any path of the folder.
    /// - Returns: The path that every other path of the folder leads to.
    /// - Throws: `invalidArgument` where the path is not a folder's.
    func resolve(_ folder: String) async throws(EffectError) -> String

    // @Operation(.idempotent, resource: "folder")
    /// What lies in a folder, in the order of the names' UTF-8 bytes. Links are listed as links and not followed.
    ///
    /// - Parameters:
    ///   - folder: The folder's path.
    ///   - name: Only items after this one.
    ///   - limit: The most items wanted; at least 1.
    /// - Returns: A page of items.
    /// - Throws: `invalidArgument` for a limit below 1.
    func list(_ folder: String, after name: String?, limit: Int) async throws(EffectError) -> FolderPage

    // @Operation(.idempotent, resource: "file")
    /// A part of a file.
    ///
    /// - Parameters:
    ///   - file: The file's path.
    ///   - offset: The first byte wanted.
    ///   - limit: The most bytes wanted.
    /// - Returns: So many bytes, or fewer where the file ends; none at its end.
    /// - Throws: `invalidArgument` for a path that is not a file's.
    func read(_ file: String, from offset: Int, limit: Int) async throws(EffectError) -> [UInt8]

    // @Operation(resource: "path")
    /// Writes a file whole or not at all, in place of the one that is there: the capability ``Capability/writable``.
    ///
    /// Missing folders are made. Whoever reads the file meanwhile, and a crash of the process, finds the old one or the
    /// new one.
    ///
    /// - Parameters:
    ///   - path: The file's path within `folder`; it has no `..`.
    ///   - folder: The folder's path.
    ///   - contents: Gives the file's parts.
    /// - Throws: `unsupported` without the capability; `invalidArgument` for a path that leads out of the folder; what
    ///   `contents` throws.
    func replace(
        _ path: String,
        in folder: String,
        with contents: @escaping FolderContents
    ) async throws(EffectError)
}

/// Gives the parts of a file by number, from zero; an empty part is the end.
package typealias FolderContents = @Sendable (_ part: Int) async throws(EffectError) -> [UInt8]

/// The key of ``FolderEffects``.
package enum FolderEffect: EffectKey {
    package static let name = "folder"
    package static var unimplemented: any FolderEffects { UnimplementedFolderEffects() }
    package static var operations: [EffectOperation] { FolderEffectsOperations.all }
    package static func intercepted(_ handler: any FolderEffects, by interceptors: InterceptorChain)
        -> any FolderEffects
    {
        InterceptedFolderEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Folder: the user's files.
    package var folder: any FolderEffects {
        get { self[FolderEffect.self] }
        set { self[FolderEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// Folder, base contract.
    package static var folder: EffectNeed { EffectNeed(FolderEffect.self) }
}

extension Capability {
    /// A folder handler writes files too.
    package static let writable = Capability(rawValue: "writable")
}
