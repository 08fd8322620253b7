/// Reads a recording, and checks every line.
struct RecordingReader {
    private let path: String
    private let bytes: [UInt8]
    private var header: RecordingHeader?
    private var calls: [Recording.Call] = []
    private var end: RecordingEnd?
    private var check: UInt64 = 0
    private var line = 0

    /// Reads a recording.
    ///
    /// - Parameter path: The file.
    /// - Returns: The recording, up to where it was cut off.
    /// - Throws: ``RecordingFailure`` where there is none, or where it is no recording or was altered.
    static func read(_ path: String) throws(RecordingFailure) -> Recording {
        let bytes: [UInt8]
        do throws(Host.ReadFailure) {
            bytes = try Host.readFile(path, limit: .max)
        } catch {
            let reason =
                switch error {
                case .missing: "there is no such file; check the path, and the folder that you are in"
                case .notAFile: "it is a folder; name the file that --record wrote"
                case .tooLarge: "it is too large"
                case .other(let message): message
                }
            throw RecordingFailure(.notReadable, "The recording '\(path)' cannot be read: \(reason).")
        }
        return try read(bytes, path: path)
    }

    static func read(_ bytes: [UInt8], path: String) throws(RecordingFailure) -> Recording {
        var reader = RecordingReader(path: path, bytes: bytes)
        return try reader.recording()
    }

    private init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    private mutating func recording() throws(RecordingFailure) -> Recording {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            line += 1
            try readLine(start..<end)
            start = end + 1
        }
        guard let header else {
            throw damaged("it is no recording: it lacks a header; name a file that --record wrote")
        }
        if end != nil && start < bytes.count {
            line += 1
            throw damaged("line \(line) follows the end: something was added; use the file as it was recorded")
        }
        return Recording(
            path: path,
            header: header,
            bytes: bytes,
            calls: calls,
            ending: end.map(Recording.Ending.closed) ?? .cutOff(afterLine: line)
        )
    }

    private func damaged(_ reason: String) -> RecordingFailure {
        RecordingFailure(.damaged, "The recording '\(path)' cannot be replayed: \(reason).")
    }

    private mutating func readLine(_ range: Range<Int>) throws(RecordingFailure) {
        guard end == nil else {
            throw damaged("line \(line) follows the end: something was added; use the file as it was recorded")
        }
        let isFollowing = readCheck(range)
        if header == nil {
            // The format's name and version come first: they say whether the rest is to be understood.
            try readHeader(range, isFollowing: isFollowing)
            return
        }
        guard isFollowing else {
            throw damaged(
                "line \(line) does not follow from the line before it: it was altered, or lines were removed, added or moved "
                    + "there; use the file as it was recorded"
            )
        }
        do throws(JSONFault) {
            try readMembers(range)
        } catch {
            throw damaged("line \(line) is not a call: \(error)")
        }
    }

    /// Whether the line's check fits its bytes and the line before.
    private mutating func readCheck(_ range: Range<Int>) -> Bool {
        let length = RecordingFormat.checkByteCount - 1
        guard range.count > length else { return false }
        let start = range.upperBound - length
        let previous = check
        var expected: [UInt8] = []
        check = unsafe bytes.withUnsafeBytes { bytes in
            unsafe RecordingFormat.check(
                UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound..<start]),
                after: previous
            )
        }
        expected.append(RecordingFormat.checkStart)
        expected.append(hex: check)
        expected.append(RecordingFormat.checkEnd)
        return bytes[start..<range.upperBound].elementsEqual(expected.dropLast())
    }

    private mutating func readHeader(_ range: Range<Int>, isFollowing: Bool) throws(RecordingFailure) {
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONParser.parse(bytes, in: range)
        } catch {
            throw damaged("it is no recording: its first line is no header (\(error)); name a file that --record wrote")
        }
        guard case .object(let members) = node, members["format"] == .string(RecordingFormat.name),
            case .number(let version) = members["version"]
        else { throw damaged("it is no recording: its first line is no header; name a file that --record wrote") }
        guard version == String(RecordingFormat.version) else {
            throw damaged(
                "it has version \(version) of the format, and this application reads version \(RecordingFormat.version): "
                    + "replay it with the application that recorded it, or record anew"
            )
        }
        guard isFollowing, let header = try? ValueDecoder(node).decode(RecordingHeader.self) else {
            throw damaged("line 1, the header, was altered; use the file as it was recorded")
        }
        self.header = header
    }

    private mutating func readMembers(_ range: Range<Int>) throws(JSONFault) {
        var parser = JSONParser(bytes, in: range)
        var key = Recording.Key(call: "")
        var arguments = range.lowerBound..<range.lowerBound
        var answer: Range<Int>?
        var error: Range<Int>?
        var unreplayable: String?
        var taskCancelled = false
        var end: RecordingEnd?
        try parser.members { name, parser throws(JSONFault) in
            switch name {
            case "call": key.call = try parser.string("the call's name")
            case "instance": key.instance = try parser.string("the instance's name")
            case "resource": key.resource = try parser.string("the resource")
            case "task": key.task = try parser.string("the task's path")
            case "unreplayable": unreplayable = try parser.string("a reason")
            case "arguments": arguments = try parser.range()
            case "answer": answer = try parser.range()
            case "error": error = try parser.range()
            case "taskCancelled": taskCancelled = try parser.value() == .boolean(true)
            case "end":
                end = RecordingEnd(rawValue: try parser.string("a reason"))
                if end == nil { throw parser.fault("the recording ends for an unknown reason") }
            case "calls", "check": _ = try parser.value()
            default: throw parser.fault("there is an unknown member")
            }
        }
        try parser.expectEnd()
        if let end {
            self.end = end
            return
        }
        let outcome: Recording.Call.Outcome? =
            if let answer {
                .answer(answer)
            } else if let error {
                .error(error, taskCancelled: taskCancelled)
            } else {
                unreplayable.map { .unreplayable($0) }
            }
        guard let outcome, !key.call.isEmpty else { throw parser.fault("the call's name or its answer is missing") }
        calls.append(Recording.Call(line: line, key: key, arguments: arguments, outcome: outcome))
    }
}

extension JSONParser {
    /// Where the value that begins here stands.
    fileprivate mutating func range() throws(JSONFault) -> Range<Int> {
        skipSpace()
        let start = offset
        _ = try value()
        return start..<offset
    }
}
