internal import Glibc

/// A program as a child.
package struct ChildProcess {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    private let id: pid_t

    /// Starts a program; without a name this one once more.
    ///
    /// - Parameters:
    ///   - program: The program's path.
    ///   - arguments: Its arguments.
    ///   - isSilent: Whether what it prints on standard output is dropped; its messages are on standard error.
    /// - Throws: ``Failure`` where it cannot be started.
    package init(_ program: String = "/proc/self/exe", arguments: [String], isSilent: Bool = false) throws {
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if isSilent { posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) }
        var id: pid_t = 0
        let status = posix_spawn(&id, program, &actions, nil, &words, environ)
        guard status == 0 else {
            throw Failure(description: "Cannot start \(program): \(String(cString: strerror(status))).")
        }
        self.id = id
    }

    package func waitUntilStopped() throws {
        let status = try wait(WUNTRACED)
        // As WIFSTOPPED, a macro that Swift does not import.
        guard status & 0xff == 0x7f else {
            throw Failure(
                description: "The child ended with status \(status) before it was done; its message is above."
            )
        }
    }

    package func resume() {
        kill(id, SIGCONT)
    }

    package func resumeAndWait() throws {
        resume()
        try waitUntilEnded()
    }

    package func waitUntilEnded() throws {
        let status = try wait(0)
        guard status == 0 else { throw Failure(description: "The child ended with status \(status).") }
    }

    /// The most memory that the child ever held at once.
    package func peakResidentKibibytes() throws -> Int {
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
