internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem

struct TimeCommand: OpeningCommand {
    static let configuration = CommandConfiguration(
        commandName: "time",
        abstract: "Ask a profile's time servers, and say which of them are believed and how far off the clock is.",
        discussion: """
            The servers are asked anew; nothing is changed. An offset is what would have to be added to this machine's clock. \
            The exit code is 1 where no majority of the servers agrees.

            Examples:
              aura time --profile server
              AURA_TIME_NTP=a.example,b.example,c.example aura time --profile dev --json
            """
    )

    @Option(help: "The profile: a name or a path (default: $APP_PROFILE).")
    var profile: String?

    @Option(help: ArgumentHelp("How long to wait for the servers at most.", valueName: "seconds"))
    var wait = 20

    @OptionGroup var output: OutputOptions

    private static let pause = Duration.milliseconds(100)

    func validate() throws {
        guard profile ?? Host.variables["APP_PROFILE"] != nil else {
            throw ValidationError("Name a profile: '--profile NAME', or set APP_PROFILE.")
        }
        guard (0...3600).contains(wait) else { throw ValidationError("'--wait' is a number of seconds up to 3600.") }
    }

    func execute() async throws {
        let name = profile ?? Host.variables["APP_PROFILE"] ?? ""
        try await Location(argument: "profile:\(name)")
            .open(TimeEffect.self, .orNew, logger: output.logger) { opened in
                try await StoppableProcess.cancellingAtStop { try await show(opened.handler) }
            }
    }

    private func show(_ time: any TimeEffects) async throws {
        guard let system = time as? SystemTimeHandler, var found = system.synchronization else {
            output.print(
                ["synchronized": .boolean(false), "servers": .array([])],
                text: "This profile's clock asks no time servers."
            )
            return
        }
        let deadline = time.monotonicNow.advanced(by: .seconds(wait))
        while !found.isSettled, time.monotonicNow < deadline {
            try await time.sleep(for: Self.pause)
            found = system.synchronization ?? found
        }
        output.print(found.json, text: found.text)
        guard found.isSynchronized else { throw ExitCode.failure }
    }
}

extension TimeSynchronization {
    /// What `--json` prints; times in seconds.
    fileprivate var json: JSONValue {
        [
            "synchronized": .boolean(isSynchronized),
            "offset": Self.seconds(offset),
            "uncertainty": Self.seconds(uncertainty),
            "servers": .array(
                servers.map { server in
                    [
                        "name": .string(server.name),
                        "address": .optional(server.address),
                        "state": .string(server.state.description),
                        "stratum": server.stratum.map { .integer($0) } ?? .null,
                        "offset": Self.seconds(server.offset),
                        "delay": Self.seconds(server.delay),
                        "distance": Self.seconds(server.distance),
                        "reach": .integer(Int(server.reach)),
                        "jumps": .integer(server.jumps),
                    ]
                }
            ),
        ]
    }

    fileprivate var text: String {
        let head = ["server", "state", "stratum", "offset", "delay", "distance", "answered"]
        let rows = servers.map { server in
            [
                server.name, server.state.description, server.stratum.map(String.init) ?? "–",
                Self.milliseconds(server.offset), Self.milliseconds(server.delay),
                Self.milliseconds(server.distance), "\(server.reach.nonzeroBitCount) of the last 8",
            ]
        }
        let summary =
            isSynchronized
            ? "The majority agrees: this machine's clock is off by \(Self.milliseconds(offset)), and the profile's by "
                + "\(Self.milliseconds(uncertainty)) at most."
            : "No majority of the servers agrees: the clock is not corrected."
        return (TextTable.rows([head] + rows) + ["", summary]).joined(separator: "\n")
    }

    private static func seconds(_ duration: Duration?) -> JSONValue {
        duration.map { .number($0 / .seconds(1)) } ?? .null
    }

    private static func milliseconds(_ duration: Duration?) -> String {
        guard let duration else { return "–" }
        let microseconds = (duration / .microseconds(1)).rounded()
        return "\(microseconds / 1000) ms"
    }
}
