internal import AuraFileSystem
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem

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

/// The handlers that the command links.
enum LinkedHandlers {
    static let registry = HandlerRegistry {
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
    }
}
