internal import AuraEffects
package import AuraRuntime

/// The handlers of the folder effect, as a profile names them.
package struct FolderHandlers: HandlerBundle {
    package init() {}

    package var declarations: [HandlerDeclaration] { [posix, memory] }

    private var posix: HandlerDeclaration {
        HandlerDeclaration(
            FolderEffect.self,
            technology: PosixFolderHandler.technology,
            summary: "The file system.",
            settings: [Self.readOnly],
            capabilities: { settings, _ in Self.capabilities(settings) },
            make: { settings, context throws(EffectError) in
                ManagedHandler(
                    PosixFolderHandler(
                        isWritable: Self.isWritable(settings),
                        executor: context.executors.makeExecutor(label: "folder")
                    )
                )
            }
        )
    }

    private var memory: HandlerDeclaration {
        HandlerDeclaration(
            FolderEffect.self,
            technology: "memory",
            summary: "Files that live as long as the process; for tests.",
            settings: [Self.readOnly],
            capabilities: { settings, _ in Self.capabilities(settings) },
            make: { settings, _ throws(EffectError) in
                ManagedHandler(MemoryFolderHandler(isWritable: Self.isWritable(settings)))
            }
        )
    }

    private static let readOnly = SettingDeclaration.optional(
        "readOnly",
        .boolean,
        default: "false",
        "Whether the handler refuses to write files."
    )

    private static func isWritable(_ settings: HandlerSettings) -> Bool {
        settings.boolean("readOnly") != true
    }

    private static func capabilities(_ settings: HandlerSettings) -> Capabilities {
        Capabilities(isWritable(settings) ? [.writable] : [])
    }
}
