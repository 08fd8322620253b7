#if Generator
internal import EffectExpansion
#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Prints the handlers that are made from the effect protocols of a file.
///
/// Usage: `EffectGenerator FILE`
@main
struct EffectGenerator {
    static func main() {
        guard CommandLine.arguments.count == 2 else { fail("usage: EffectGenerator FILE") }
        let path = CommandLine.arguments[1]
        guard let source = contents(of: path) else {
            fail("\(path) cannot be read as UTF-8: \(String(cString: strerror(errno))).")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let file = GeneratedFile(from: source, named: name)
        if !file.problems.isEmpty { fail(file.problems.joined(separator: "\n")) }
        if file.text.isEmpty { fail("\(path) has no protocol with '@Effect'.") }
        print(file.text, terminator: "")
    }

    private static func contents(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&part, 1, part.count, file)
            if count == 0 { break }
            bytes += part[..<count]
        }
        return ferror(file) == 0 ? String(validating: bytes, as: UTF8.self) : nil
    }

    private static func fail(_ message: String) -> Never {
        let bytes = Array("\(message)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
        exit(1)
    }
}
#else
@main
struct EffectGenerator {
    static func main() {}
}
#endif
