#if Curl
internal import Foundation

/// The memory of this process.
enum ProcessMemory {
    /// How many bytes of it are resident now.
    static var current: Int {
        let statistics = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (statistics.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }
}
#endif
