internal import Glibc
internal import Measuring

/// AWS's own library, and curl, as programs.
enum Baseline {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// What a command prints.
    static func output(of command: String) throws -> String {
        guard let pipe = popen(command, "r") else { throw Failure(description: "Cannot start '\(command)'.") }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
        guard pclose(pipe) == 0 else { throw Failure(description: "'\(command)' failed; its message is above.") }
        return String(decoding: output, as: UTF8.self)
    }

    /// The command of a work of `boto3_baseline.py`; `Tests/checks/set_up.sh` installs boto3 for it.
    static func boto3(_ work: String, _ port: UInt16, _ count: Int = 0) -> String {
        let source = #filePath.split(separator: "/").dropLast()
        let script = "/" + source.joined(separator: "/") + "/boto3_baseline.py"
        let own = "/" + source.dropLast(3).joined(separator: "/") + "/.build/python/bin/python3"
        let python = access(own, X_OK) == 0 ? own : "python3"
        return "AWS_EC2_METADATA_DISABLED=true \(python) \(script) \(work) \(port) \(count)"
    }

    /// The figure that boto3's work prints.
    static func figure(_ work: String, _ port: UInt16, _ count: Int = 0) throws -> Double {
        let text = try output(of: boto3(work, port, count))
        guard let figure = Double(text.split(separator: "\n").last ?? "") else {
            throw Failure(description: "boto3's '\(work)' printed no figure.")
        }
        return figure
    }
}
