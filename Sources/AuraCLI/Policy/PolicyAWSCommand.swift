internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct PolicyAWSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aws",
        abstract: "Print the IAM policy of what runs on a profile.",
        discussion: """
            It allows the actions that the handlers take on the resources that the profile names. Nobody is asked. Without --need the policy is for all of the profile's effects, with it for those that an \
            application needs, which 'profile needs' of the application lists. What makes tables, buckets and queues, such as \
            'aura cloud setup', needs more than what works with them. A key of one's own in KMS, by which a bucket, a queue or a \
            secret is encrypted, allows its use itself.

            Examples:
              aura policy aws production-aws
              aura policy aws production-aws --need journal.durable --need storage --account 123456789012
              aws iam put-role-policy --role-name app --policy-name aura --policy-document "$(aura policy aws production-aws)"
            """
    )

    @Argument(help: "The profile: a name or a path.")
    var profile: String

    @Option(
        name: .customLong("need"),
        help: ArgumentHelp("What the application needs; may be repeated.", valueName: "effect[.capability]")
    )
    var needs: [Need] = []

    @Option(help: ArgumentHelp("The account that tables and queues belong to (default: any).", valueName: "digits"))
    var account: String?

    @Option(help: "The region where the profile names none (default: $AWS_REGION, $AWS_DEFAULT_REGION, or else any).")
    var region: String?

    func validate() throws {
        guard let account else { return }
        let isNumber = account.utf8.count == 12 && account.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if !isNumber { throw ValidationError("--account has 12 digits.") }
    }

    func run() throws {
        let assembly = try Assembly(
            try Profile.find(profile),
            LinkedHandlers.registry,
            needs: EffectNeeds(needs.map(\.need))
        )
        let variables = Host.variables
        let permissions = assembly.permissions(
            account: account ?? "*",
            region: region ?? variables["AWS_REGION"] ?? variables["AWS_DEFAULT_REGION"] ?? "*",
            of: needs.isEmpty ? nil : Set(needs.map(\.need.effect))
        )
        guard !permissions.isEmpty else {
            throw EffectError(
                .unsupported,
                "None of these handlers asks AWS for anything: there is nothing to allow.",
                operation: "policy"
            )
        }
        print(IAMPolicy(permissions).json)
    }
}

/// A policy of AWS's Identity and Access Management.
///
/// Source: AWS IAM User Guide, "IAM JSON policy element reference".
struct IAMPolicy {
    let json: JSONValue

    /// Creates the policy that allows some actions alone: a statement for the resources with the same actions.
    init(_ permissions: [ServicePermission]) {
        let actions = Dictionary(grouping: permissions, by: \.resource).mapValues { Set($0.map(\.action)) }
        let resources = Dictionary(grouping: actions.keys) { actions[$0] ?? [] }
        let statements = resources.map { actions, resources in (actions.sorted(), resources.sorted()) }
            .sorted { ($0.1[0], $0.0[0]) < ($1.1[0], $1.0[0]) }
        json = [
            "Version": "2012-10-17",
            "Statement": .array(
                statements.map { actions, resources in
                    [
                        "Effect": "Allow", "Action": .array(actions.map(JSONValue.string)),
                        "Resource": .array(resources.map(JSONValue.string)),
                    ]
                }
            ),
        ]
    }
}
