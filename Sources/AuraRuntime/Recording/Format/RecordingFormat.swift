internal import AuraEffects

/// What the lines of a recording look like; the page on the format says it in words.
enum RecordingFormat {
    static let name = "aura-recording"
    static let version = 1

    /// What stands before a line's check, and after it.
    static let checkStart: StaticString = ",\"check\":\""
    static let checkEnd: StaticString = "\"}\n"
    /// The bytes that a check takes, with what stands around it.
    static let checkByteCount = checkStart.utf8CodeUnitCount + 16 + checkEnd.utf8CodeUnitCount

    /// The header's own words on what follows it.
    static let explanation =
        "One JSON object a line. After this header each line is a call of an effect, in the order in which they ended: "
        + "'call' names the operation, 'task' the task's path, 'answer' or 'error' says how it ended. "
        + "Byte arrays are base64. 'check' is the XXH64 of the line before it, seeded with the check of the line before."

    /// The check of a line.
    ///
    /// - Parameters:
    ///   - line: The line's bytes before its check.
    ///   - previous: The check of the line before; zero for the first line.
    /// - Returns: The check.
    static func check(_ line: UnsafeRawBufferPointer, after previous: UInt64) -> UInt64 {
        unsafe XXHash64.hash(line, seed: previous)
    }
}

/// The first line of a recording: what was recorded, and how to read the other lines.
struct RecordingHeader: Codable, Hashable, Sendable {
    /// A handler whose calls are recorded, or left out since its effect has no generated handlers.
    struct Effect: Codable, Hashable, Sendable {
        var effect: String
        var instance: String
        var handler: String
        var capabilities: Capabilities
        var isRecorded: Bool
    }

    var format = RecordingFormat.name
    var version = RecordingFormat.version
    var application: String
    var profile: String
    var environment: String
    /// When the recording began, by RFC 3339.
    var started: String
    var memoryBytes: Int
    var cpuQuota: Double
    var ioBytesPerSecond: Int
    var effects: [Effect]
    /// What the profile does without, as it spells it.
    var waived: [String]
    var lines = RecordingFormat.explanation
}

/// Why a recording ended.
enum RecordingEnd: String, Codable, Sendable {
    /// The application was done.
    case done
    /// The recording had become as large as it may be.
    case limit
}
