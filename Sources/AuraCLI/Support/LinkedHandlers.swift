internal import AuraFileSystem
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem

#if PostgreSQL
internal import AuraPostgreSQL
#endif
#if SQLite
internal import AuraSQLite
#endif

/// The handlers that the command links.
enum LinkedHandlers {
    static let registry = HandlerRegistry {
        MemoryHandlers()
        #if PostgreSQL
        PostgreSQLHandlers()
        #endif
        #if SQLite
        SQLiteHandlers()
        #endif
        FileSystemHandlers()
        LayeredHandlers()
        SystemHandlers()
    }
}
