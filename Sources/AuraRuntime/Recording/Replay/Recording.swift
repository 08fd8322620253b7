/// A recording as it was read: the header, and where in the bytes each call stands.
struct Recording: Sendable {
    /// What a recorded call is found by.
    struct Key: Hashable, Sendable {
        var call: String
        var instance = ""
        var resource = ""
        var task = ""
    }

    /// A recorded call.
    struct Call: Sendable {
        /// How it ended.
        enum Outcome: Sendable {
            case answer(Range<Int>)
            case error(Range<Int>, taskCancelled: Bool)
            /// There is an answer, and it is not in the recording.
            case unreplayable(String)
        }

        var line: Int
        var key: Key
        /// Where the arguments stand; empty where there are none.
        var arguments: Range<Int>
        var outcome: Outcome
    }

    /// How the file ends.
    enum Ending: Hashable, Sendable {
        case closed(RecordingEnd)
        /// After this line there is a part of another one, or nothing: the process was killed, or the disk was full.
        case cutOff(afterLine: Int)
    }

    let path: String
    let header: RecordingHeader
    let bytes: [UInt8]
    let calls: [Call]
    let ending: Ending

    /// Why there is nothing after the last line, for messages.
    var endingText: String {
        switch ending {
        case .closed(.done): "the recording is complete"
        case .closed(.limit): "the recording ends at its limit, after \(calls.count) calls"
        case .cutOff(let line): "the recording was cut off after line \(line)"
        }
    }
}
