#if AWS
internal import AuraRuntime

/// The names of AWS's resources within policies.
///
/// Source: AWS IAM User Guide, "Amazon Resource Names (ARNs)"; Service Authorization Reference.
struct AWSResource {
    private let partition: String
    private let region: String
    private let account: String

    /// The names within a profile's region and account.
    init(_ settings: HandlerSettings, _ request: PermissionRequest) {
        region = settings.string("region") ?? request.region
        account = request.account
        partition =
            switch region {
            case "*": "*"
            case let region where region.hasPrefix("cn-"): "aws-cn"
            case let region where region.hasPrefix("us-gov-"): "aws-us-gov"
            case let region where region.hasPrefix("eusc-"): "aws-eusc"
            default: "aws"
            }
    }

    /// The name of a service's resource in the region.
    ///
    /// - Parameters:
    ///   - name: The resource, such as `table/albums`; one that is a whole name is taken as it is.
    ///   - service: The service.
    /// - Returns: The name.
    func arn(_ name: String, of service: String) -> String {
        "arn:\(partition):\(service):\(region):\(account):\(name)"
    }

    /// The name of a bucket, or of what lies in it: these have neither region nor account.
    func bucket(_ name: String) -> String { "arn:\(partition):s3:::\(name)" }
}

extension HandlerPermissions {
    /// The permissions of operations by a table.
    ///
    /// - Parameters:
    ///   - actions: The actions of each operation.
    ///   - operations: The operations.
    /// - Returns: The actions, each once.
    static func actions(_ actions: [String: [String]], of operations: Set<String>) -> Set<String> {
        Set(operations.flatMap { actions[$0] ?? [] })
    }
}
#endif
