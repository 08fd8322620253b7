#if AWS
internal import AuraEffects

/// Where AWS's services are.
enum AWSAddress {
    /// The domain of a region's services: that of its partition.
    static func domain(of region: String) -> String {
        if region.hasPrefix("cn-") { return "amazonaws.com.cn" }
        if region.hasPrefix("eusc-") { return "amazonaws.eu" }
        return "amazonaws.com"
    }
}

/// Where the objects of a bucket are.
struct S3Address: Sendable {
    let bucket: String
    private let base: HTTPURL

    /// Creates the addresses of a bucket.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - region: Its region.
    ///   - endpoint: Where the service is, in place of AWS's own address.
    ///   - pathStyle: Whether the bucket's name is the first part of the path, and not of the host.
    init(bucket: String, region: String, endpoint: HTTPURL?, pathStyle: Bool) {
        self.bucket = bucket
        var base = endpoint ?? HTTPURL(.https, host: "s3.\(region).\(AWSAddress.domain(of: region))", path: "")
        if base.path.hasSuffix("/") { base.path.removeLast() }
        if pathStyle {
            base.path += "/\(PercentEncoding.encode(bucket))"
        } else {
            base.host = "\(bucket).\(base.host)"
        }
        self.base = base
    }

    /// The address of the bucket.
    ///
    /// - Parameter query: Names and values, not encoded; a value of `nil` leaves the equals sign out.
    /// - Returns: The address.
    func url(_ query: [(String, String?)] = []) -> HTTPURL {
        url(path: "/", query)
    }

    /// The address of an object.
    func url(of key: ObjectKey, _ query: [(String, String?)] = []) -> HTTPURL {
        url(path: "/" + PercentEncoding.encode(key.text, keeping: "/"), query)
    }

    /// An object as a copy names its source: bucket and key, encoded.
    func source(_ key: ObjectKey) -> String {
        "/\(bucket)/\(PercentEncoding.encode(key.text, keeping: "/"))"
    }

    private func url(path: String, _ query: [(String, String?)]) -> HTTPURL {
        var url = base
        url.path += path
        if !query.isEmpty {
            url.query =
                query.map { name, value in
                    let name = PercentEncoding.encode(name)
                    return value.map { "\(name)=\(PercentEncoding.encode($0))" } ?? name
                }
                .joined(separator: "&")
        }
        return url
    }

    /// Whether a bucket's name may be the first part of a host that a certificate for `*.` covers.
    static func canBeHost(_ bucket: String) -> Bool {
        guard (3...63).contains(bucket.utf8.count), bucket.first != "-", bucket.last != "-" else { return false }
        return bucket.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }
}
#endif
