internal import AuraEffects
internal import AuraFileSystem
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import FieldnotesCore

#if AWS
internal import AuraAWS
#endif
#if Curl
internal import AuraCurl
#endif
#if OpenSSL
internal import AuraOpenSSL
#endif
#if PostgreSQL
internal import AuraPostgreSQL
#endif
#if SQLite
internal import AuraSQLite
#endif
#if TLSNetwork
internal import AuraTLSNetwork
#endif

/// The example application: field notes with tags, on effects alone.
@main
struct Fieldnotes: AuraApplication {
    static let name = "fieldnotes"
    static let abstract = "Field notes with tags: import a folder, search, and see what happened to every note."
    static let discussion = """
        Examples:
          fieldnotes import ~/Documents/notes
          fieldnotes add "Two herons at the weir" --tag birds
          fieldnotes search heron weir --tag birds
          fieldnotes history 3f9a

        A note is named by the first digits of its id. Under the profiles that come with it, notes are \
        kept below .aura of the working directory; what any profile keeps where, 'fieldnotes profile explain' says.
        """
    static let needs: EffectNeeds = [.journal(.durable), .storage, .time, .random, .folder]
    static let defaultProfile = "embedded"

    static let handlers = HandlerRegistry {
        MemoryHandlers()
        #if AWS
        AWSHandlers()
        #endif
        #if Curl
        CurlHandlers()
        #endif
        #if OpenSSL
        OpenSSLHandlers()
        #endif
        #if PostgreSQL
        PostgreSQLHandlers()
        #endif
        #if SQLite
        SQLiteHandlers()
        #endif
        #if TLSNetwork
        TLSNetworkHandlers()
        #endif
        FileSystemHandlers()
        LayeredHandlers()
        SystemHandlers()
        FolderHandlers()
    }

    static let commands: [any ApplicationCommand.Type] = [
        ImportCommand.self, AddCommand.self, EditCommand.self, ListCommand.self, SearchCommand.self, ShowCommand.self,
        HistoryCommand.self, AttachCommand.self, DetachCommand.self, FetchCommand.self, ExportCommand.self,
        VerifyCommand.self, StatsCommand.self, ServeCommand.self, SyncCommand.self, AnnounceCommand.self,
        WorkCommand.self, TourCommand.self,
    ]
}
