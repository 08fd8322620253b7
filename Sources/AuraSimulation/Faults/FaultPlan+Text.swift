internal import AuraEffects
internal import AuraRuntime

/// Why a text is no plan, no fault or no kind of fault.
public struct FaultTextError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, where, and what to write.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension FaultPlan: CustomStringConvertible {
    /// A line for each fault.
    public var description: String {
        faults.map(\.description).joined(separator: "\n")
    }

    /// Creates a plan from lines as ``description`` writes them; empty lines and what follows a `#` are passed over.
    ///
    /// - Parameter text: The lines.
    /// - Throws: ``FaultTextError``, which names the line.
    public init(parsing text: String) throws(FaultTextError) {
        var faults: [PlannedFault] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.prefix { $0 != "#" }.trimmed
            guard !content.isEmpty else { continue }
            do {
                faults.append(try PlannedFault(parsing: String(content)))
            } catch {
                throw FaultTextError("Line \(index + 1): \(error)")
            }
        }
        self.init(faults)
    }
}

extension PlannedFault: CustomStringConvertible {
    /// The fault on a line, such as `at 10s for 1m on a,b: partition both`.
    public var description: String {
        let lasting = fault.kind.happensOnce ? "" : " for \(duration?.spelled ?? "ever")"
        return "at \(begin.spelled)\(lasting) on \(nodes.joined(separator: ",")): \(fault)"
    }

    /// Creates a fault from a line as ``description`` writes it.
    ///
    /// - Parameter text: The line.
    /// - Throws: ``FaultTextError``.
    public init(parsing text: String) throws(FaultTextError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw FaultTextError("A ':' is missing: write a fault such as 'at 10s for 1m on a,b: partition both'.")
        }
        let fault = try Fault(parsing: String(text[text.index(after: colon)...]))
        var words = text[..<colon].split(separator: " ").map(String.init)
        func take(_ word: String) -> String? {
            guard words.count > 1, words[0] == word else { return nil }
            defer { words.removeFirst(2) }
            return words[1]
        }
        guard let begin = take("at").flatMap({ Duration(spelled: $0) }) else {
            throw FaultTextError("The beginning is missing: write 'at' and a time with a unit first, such as 'at 10s'.")
        }
        let lasting = take("for")
        let duration: Duration? = lasting == "ever" ? nil : lasting.flatMap { Duration(spelled: $0) } ?? .zero
        if fault.kind.happensOnce, lasting != nil {
            throw FaultTextError("'\(fault.kind.rawValue)' happens once: leave 'for' out.")
        }
        if !fault.kind.happensOnce, duration == .zero {
            throw FaultTextError("It is not said how long it lasts: write 'for' and a time with a unit, or 'for ever'.")
        }
        guard words.first == "on", words.count > 1 else {
            throw FaultTextError("The nodes are missing: write 'on' and their names with commas between them.")
        }
        let nodes = words[1...].joined().split(separator: ",").map(String.init)
        self.init(at: begin, for: duration, on: nodes, fault)
    }
}

extension Fault: CustomStringConvertible {
    /// The fault's kind, and how bad it is.
    public var description: String {
        switch self {
        case .latency(let added): "latency \(added.spelled)"
        case .slowLink(let bandwidth): "slow-link \(bandwidth.bytesPerSecond)B/s"
        case .partition(let direction): "partition \(direction.rawValue)"
        case .bitFlips(let chance): "bit-flips \(chance)"
        case .slowDisk(let added): "slow-disk \(added.spelled)"
        case .diskErrors(let chance): "disk-errors \(chance)"
        case .skew(let ahead): "skew \(ahead.spelled)"
        case .drift(let millionths): "drift \(millionths)ppm"
        case .jump(let step): "jump \(step.spelled)"
        case .throttling(let chance): "throttling \(chance)"
        case .lostAnswers(let chance): "lost-answers \(chance)"
        case .redelivery(let chance): "redelivery \(chance)"
        case .disconnect, .diskFull, .tornWrite, .crash, .kill, .pause, .cloudOutage: kind.rawValue
        }
    }

    fileprivate init(parsing text: String) throws(FaultTextError) {
        let words = text.split(separator: " ").map(String.init)
        let value = words.count == 2 ? words[1] : nil
        let fault: Fault? =
            switch words.first {
            case "latency": value.flatMap { Duration(spelled: $0) }.map(Fault.latency)
            case "slow-link":
                value.flatMap { Int(suffixed: "B/s", $0) }.flatMap { $0 > 0 ? .slowLink(BytesPerSecond($0)) : nil }
            case "partition": value.flatMap { LinkDirection(rawValue: $0) }.map(Fault.partition)
            case "bit-flips": value.flatMap { Double(chance: $0) }.map(Fault.bitFlips)
            case "slow-disk": value.flatMap { Duration(spelled: $0) }.map(Fault.slowDisk)
            case "disk-errors": value.flatMap { Double(chance: $0) }.map(Fault.diskErrors)
            case "skew": value.flatMap { Duration(signed: $0) }.map(Fault.skew)
            case "drift": value.flatMap { Int(suffixed: "ppm", $0) }.flatMap { $0 > -1_000_000 ? .drift($0) : nil }
            case "jump": value.flatMap { Duration(signed: $0) }.map(Fault.jump)
            case "throttling": value.flatMap { Double(chance: $0) }.map(Fault.throttling)
            case "lost-answers": value.flatMap { Double(chance: $0) }.map(Fault.lostAnswers)
            case "redelivery": value.flatMap { Double(chance: $0) }.map(Fault.redelivery)
            case let name?:
                words.count > 1
                    ? nil
                    : [.disconnect, .diskFull, .tornWrite, .crash, .kill, .pause, .cloudOutage]
                        .first { $0.description == name }
            case nil: nil
            }
        guard let fault else {
            let shown = HandlerErrors.quote(String(text.trimmed))
            throw FaultTextError(
                """
                \(shown) is no fault: write 'disconnect', 'disk-full', 'torn-write', 'crash', 'kill', 'pause', \
                'cloud-outage', or one with its measure, such as 'latency 250ms', 'slow-link 4096B/s', 'partition both' (or 'outgoing', 'incoming'), \
                'bit-flips 0.01', 'slow-disk 20ms', 'disk-errors 0.1', 'skew -3s', 'drift 120ppm', 'jump -5s', \
                'throttling 0.5', 'lost-answers 0.1', 'redelivery 0.2'.
                """
            )
        }
        self = fault
    }
}

extension FaultPlan: Codable {
    /// Reads the lines of ``description``.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([PlannedFault].self))
    }

    /// Writes the lines of ``description``, each as a text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(faults)
    }
}

extension PlannedFault: Codable {
    /// Reads its ``description``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(FaultTextError) {
            try self.init(parsing: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes its ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension StringProtocol {
    /// The text without the spaces around it.
    var trimmed: SubSequence {
        let start = firstIndex { $0 != " " } ?? endIndex
        let end = lastIndex { $0 != " " }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}

extension Duration {
    /// A duration with or without a sign in front of it.
    fileprivate init?(signed text: String) {
        guard let duration = Duration(spelled: text.drop { $0 == "-" || $0 == "+" }) else { return nil }
        self = text.hasPrefix("-") ? .zero - duration : duration
    }
}

extension Int {
    /// A number with a unit behind it.
    fileprivate init?(suffixed unit: String, _ text: String) {
        guard text.hasSuffix(unit) else { return nil }
        self.init(text.dropLast(unit.count))
    }
}

extension Double {
    /// A number from 0 to 1.
    fileprivate init?(chance text: String) {
        guard let chance = Double(text), (0...1).contains(chance) else { return nil }
        self = chance
    }
}
