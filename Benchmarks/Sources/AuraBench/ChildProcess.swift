internal import Glibc

/// This program once more, as a child.
struct ChildProcess {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let id: pid_t

    init(arguments: [String]) throws {
        let program = "/proc/self/exe"
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        let status = posix_spawn(&id, program, nil, nil, &words, environ)
        guard status == 0 else {
            throw Failure(description: "Cannot start a child: \(String(cString: strerror(status))).")
        }
        self.id = id
    }

    func waitUntilStopped() throws {
        let status = try wait(WUNTRACED)
        // As WIFSTOPPED, a macro that Swift does not import.
        guard status & 0xff == 0x7f else {
            throw Failure(
                description: "The child ended with status \(status) before it was done; its message is above."
            )
        }
    }

    func resumeAndWait() throws {
        kill(id, SIGCONT)
        let status = try wait(0)
        guard status == 0 else { throw Failure(description: "The child ended with status \(status).") }
    }

    /// The most memory that the child ever held at once.
    func peakResidentKibibytes() throws -> Int {
        let lines = try read("/proc/\(id)/status").split(separator: "\n")
        let words = lines.first { $0.hasPrefix("VmHWM:") }?.split { $0 == " " || $0 == "\t" }
        guard let words, words.count == 3, let kibibytes = Int(words[1]) else {
            throw Failure(description: "The kernel tells no VmHWM of the child.")
        }
        return kibibytes
    }

    private func wait(_ options: Int32) throws -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, options) == -1 {
            guard errno == EINTR else { throw Failure(description: "Cannot wait for the child: errno \(errno).") }
        }
        return status
    }
}
