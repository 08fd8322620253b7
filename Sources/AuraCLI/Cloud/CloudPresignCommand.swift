internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct CloudPresignCommand: OneBucketCommand {
    static let configuration = CommandConfiguration(
        commandName: "presign",
        abstract: "Print an address that gives whoever has it access to one object for a time.",
        discussion: """
            The address is as good as a password until it expires. Not every service has such addresses.

            Examples:
              aura cloud presign reports/2026.pdf --profile production --expires 10m
              aura cloud presign incoming/scan.pdf --put --profile production
            """
    )

    static let use = Location.Use.orNew

    @Argument(help: "The object's key; there need be none yet.")
    var key: String

    @Flag(help: "Give access for storing the object; by default it is for fetching.")
    var put = false

    @Option(help: ArgumentHelp("How long the address is good for, such as 10m.", valueName: "time"))
    var expires = "1h"

    @OptionGroup var bucket: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let duration = Duration(spelled: expires), duration > .zero else {
            throw ValidationError("--expires is none: write a time with a unit, such as 30s, 10m or 24h.")
        }
    }

    func run(_ opened: Opened<any ObjectStorageEffects>) async throws {
        let address = try await opened.handler.presignedURL(
            put ? .put : .get,
            to: ObjectKey(key),
            expiresIn: Duration(spelled: expires) ?? .seconds(3600)
        )
        let expires = UTCTime.iso(UInt64(max(0, address.expires.nanosecondsSinceEpoch / 1_000_000)))
        address.url.withExposedValue { url in
            let headers = address.headers.sorted { $0.key < $1.key }
            let json: JSONValue = [
                "url": .string(url),
                "access": .string(address.access.rawValue),
                "expires": .string(expires),
                "headers": .object(headers.map { JSONValue.Member(key: $0.key, value: .string($0.value)) }),
            ]
            let lines = [url] + headers.map { "\($0.key): \($0.value)" }
            output.print(json, text: lines.joined(separator: "\n"))
        }
    }
}
