internal import AuraEffects
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

/// Prints docs/reference/handlers.md from what the handlers declare; `make generate` writes the page with every trait on.
@main
enum HandlerReference {
    /// Every bundle of this package, in the order of the page.
    static let handlers = HandlerRegistry {
        MemoryHandlers()
        FileSystemHandlers()
        LayeredHandlers()
        SystemHandlers()
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
    }

    static func main() {
        print(ReferencePage(handlers).text)
    }
}
