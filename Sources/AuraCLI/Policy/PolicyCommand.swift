internal import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Print what a profile's services have to allow, and nothing more.",
        discussion: """
            Examples:
              aura policy aws production-aws
              aura policy aws production-aws --need journal.durable --need storage --account 123456789012
            """,
        subcommands: [PolicyAWSCommand.self]
    )
}
