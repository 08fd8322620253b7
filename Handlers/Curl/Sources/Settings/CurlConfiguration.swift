#if Curl
public import AuraEffects
public import AuraRuntime

/// What a ``CurlHTTPHandler`` is made from.
public struct CurlConfiguration: Sendable {
    /// The newest version of HTTP that is spoken.
    public enum Version: String, Sendable, Hashable, CaseIterable {
        /// HTTP/1.1 alone.
        case http1 = "1.1"
        /// HTTP/2 where the server offers it over TLS, else HTTP/1.1.
        case http2 = "2"
    }

    /// The oldest version of TLS that is spoken.
    public enum TLSVersion: String, Sendable, Hashable, CaseIterable {
        /// TLS 1.2 (RFC 5246).
        case tls1_2 = "1.2"
        /// TLS 1.3 (RFC 8446).
        case tls1_3 = "1.3"
    }

    /// The proxy that requests go through.
    public struct Proxy: Sendable {
        /// Its address, such as `http://proxy.example:3128`.
        public var address: HTTPURL
        /// The user and the password, as `user:password`; `nil` where it asks for none.
        public var credentials: Secret<String>?
        /// The hosts that are reached without it; a name stands for those below it too.
        public var exceptions: [String]

        /// The address with its port.
        var text: String {
            "\(address.scheme.rawValue)://\(address.host):\(address.port ?? address.scheme.defaultPort)"
        }

        /// Creates a proxy.
        public init(_ address: HTTPURL, credentials: Secret<String>? = nil, exceptions: [String] = []) {
            self.address = address
            self.credentials = credentials
            self.exceptions = exceptions
        }
    }

    /// The newest version of HTTP that is spoken: 2 where there is a GiB of memory.
    ///
    /// Over HTTP/2 libcurl keeps up to 32 MiB of a body whose consumer is slow.
    public var version: Version
    /// The oldest version of TLS that is spoken.
    public var leastTLS = TLSVersion.tls1_2
    /// A file with the certificates (PEM) of the authorities that are trusted; `nil` for those of the machine.
    public var authorities: String?
    /// The proxy; `nil` for none, whatever the environment says.
    public var proxy: Proxy?
    /// How long connecting may take, with looking up the name and the handshake of TLS.
    public var connectTimeout = Duration.seconds(10)
    /// How long a server may neither take nor send a byte while it is its turn.
    public var idleTimeout = Duration.seconds(60)
    /// The most connections: the memory ÷ 4 MiB, 8 to 512.
    public var connections: Int
    /// The most connections to one host: at most 128.
    public var connectionsPerHost: Int
    /// The most bytes that the fields of an answer have together.
    public var responseFields = Self.responseFields
    /// How many bytes of a body are kept for a consumer before no more is taken from the server: the memory ÷ 8192, 64 KiB
    /// to 1 MiB.
    public var bodyBuffer: ByteCount
    /// How many bytes are read from a connection at once: 16 KiB, and 128 KiB where there is a GiB of memory.
    var receiveBuffer: ByteCount

    static let responseFields = ByteCount.kibibytes(64)

    /// Creates a configuration with defaults that follow a budget.
    ///
    /// - Parameter budget: What the handler may use.
    public init(budget: ResourceBudget) {
        let memory = budget.memoryLimit.bytes
        connections = min(512, max(8, memory / ByteCount.mebibytes(4).bytes))
        connectionsPerHost = min(128, connections)
        bodyBuffer = min(.mebibytes(1), max(.kibibytes(64), ByteCount(bytes: memory / 8192)))
        let isSmall = memory < ByteCount.gibibytes(1).bytes
        receiveBuffer = isSmall ? Self.leastReceiveBuffer : .kibibytes(128)
        version = isSmall ? .http1 : .http2
    }

    static let leastReceiveBuffer = ByteCount.kibibytes(16)
}
#endif
