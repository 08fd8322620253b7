internal import AuraEffects

/// Stands in where nobody gave a handler: it fails by name.
struct UnimplementedFolder: FolderEffects {
    var capabilities: Capabilities { Capabilities() }

    func resolve(_ folder: String) async throws(EffectError) -> String {
        throw Self.unimplemented("resolve")
    }

    func list(_ folder: String, after name: String?, limit: Int) async throws(EffectError) -> FolderPage {
        throw Self.unimplemented("list")
    }

    func read(_ file: String, from offset: Int, limit: Int) async throws(EffectError) -> [UInt8] {
        throw Self.unimplemented("read")
    }

    func replace(
        _ path: String,
        in folder: String,
        with contents: @escaping FolderContents
    ) async throws(EffectError) {
        throw Self.unimplemented("replace")
    }

    private static func unimplemented(_ operation: String) -> EffectError {
        EffectError(
            .unimplemented,
            "The effect 'folder' has no handler: give the EffectSystem one, or add 'folder' to the profile.",
            effect: FolderEffect.name,
            operation: operation
        )
    }
}
