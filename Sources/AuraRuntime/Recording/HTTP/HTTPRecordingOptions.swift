public import AuraEffects

/// What of exchanges over HTTP a recording leaves out.
///
/// The fields that know themselves to be secret are always left out. A recording and its replay take the same options.
public struct HTTPRecordingOptions: Sendable {
    /// The names of parameters of a query that are left out, in lower case.
    ///
    /// One that ends with `*` stands for all that begin so. By default those that sign an address, which are others in each run.
    public var secretParameters: Set<String> = [
        "x-amz-*", "x-goog-*", "sig", "se", "st", "skt", "ske", "signature", "expires", "token", "access_token",
        "api_key",
        "key", "code", "awsaccesskeyid", "client_secret", "refresh_token", "id_token", "password",
    ]

    /// The names of further fields that are left out, in lower case.
    public var secretFields: Set<String> = []

    /// Texts that are replaced wherever they stand: in addresses, fields and bodies.
    public var hidden: [Secret<String>] = []

    /// The hosts whose answers are credentials or secrets, and recorded without a body; one that ends with `*` stands for all that begin so.
    public var hostsWithoutBody: Set<String> = [
        "sts.*", "secretsmanager.*", "ssm.*", "kms.*", "169.254.169.254", "169.254.170.2", "169.254.170.23",
    ]

    /// The most bytes of an answer's body that are kept; what is beyond them breaks off in the replay.
    public var body = ByteCount.mebibytes(16)

    /// Creates the default options.
    public init() {}
}

extension HTTPRecordingOptions {
    static let replacement = "<redacted>"

    /// The address as it is recorded, and found by.
    func address(of url: HTTPURL) -> String {
        var shown = url
        shown.query = url.query.flatMap { query in
            let kept = query.split(separator: "&", omittingEmptySubsequences: false).filter { !isSecret($0) }
            return kept.isEmpty ? nil : kept.joined(separator: "&")
        }
        return hiding(shown.text)
    }

    private func isSecret(_ parameter: Substring) -> Bool {
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return secretParameters.contains { secret in
            secret.hasSuffix("*") ? name.hasPrefix(secret.dropLast()) : name == secret
        }
    }

    /// The fields as they are recorded.
    func fields(_ fields: HTTPFields) -> [HTTPField] {
        fields.filter { !$0.isSecret && !secretFields.contains($0.name.lowercased()) }
            .map { field in
                // Where a field points may be signed too.
                let value = HTTPURL(field.value).map { address(of: $0) } ?? hiding(field.value)
                return HTTPField(field.name, value)
            }
    }

    /// Whether the answers of a server are recorded without their bodies.
    func omitsBody(of url: HTTPURL) -> Bool {
        hostsWithoutBody.contains { host in
            host.hasSuffix("*") ? url.host.lowercased().hasPrefix(host.dropLast()) : url.host.lowercased() == host
        }
    }

    /// A text without what is hidden.
    func hiding(_ text: String) -> String {
        hidden.reduce(text) { text, secret in
            secret.withExposedValue { hidden in
                guard !hidden.isEmpty else { return text }
                return text.split(separator: hidden, omittingEmptySubsequences: false)
                    .joined(separator: Self.replacement)
            }
        }
    }

    /// The bytes of a body without what is hidden.
    func hiding(_ body: [UInt8]) -> [UInt8] {
        guard !hidden.isEmpty else { return body }
        return hidden.reduce(body) { body, secret in
            secret.withExposedValue { text in
                let bytes = Array(text.utf8)
                guard !bytes.isEmpty else { return body }
                let parts = body.split(separator: bytes, omittingEmptySubsequences: false)
                return Array(parts.joined(separator: Array(Self.replacement.utf8)))
            }
        }
    }
}
