/// Reads what a Linux machine grants to the process: its memory and cores, and the limits of its control groups.
///
/// A file that is missing or malformed sets no limit: an unknown kernel must not keep an application from starting.
struct MachineReader {
    /// A limit of control groups v1 from here on stands for "none".
    private static let unlimited = 1 << 60
    private static let sizeLimit = 1_048_576

    /// The folder that holds `proc` and `sys`, without a slash at its end; empty for the machine itself.
    let root: String

    func read() -> MachineLimits {
        var limits = MachineLimits()
        limits.restrict(memory: totalMemory(), source: "machine memory")
        limits.restrict(cpu: coreCount("sys/devices/system/cpu/online").map(Double.init), source: "machine cores")
        limits.restrict(cpu: allowedCoreCount().map(Double.init), source: "cores allowed to the process")
        for line in lines("proc/self/cgroup") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let path = String(parts[2])
            if parts[0] == "0" && parts[1].isEmpty {
                readUnified(path, into: &limits)
            } else {
                readControllers(Set(parts[1].split(separator: ",").map(String.init)), path, into: &limits)
            }
        }
        return limits
    }

    // MARK: Control groups v2

    private func readUnified(_ path: String, into limits: inout MachineLimits) {
        for folder in folders(of: path, in: ["sys/fs/cgroup", "sys/fs/cgroup/unified"]) {
            limits.restrict(memory: number("\(folder)/memory.max"), source: "cgroup memory.max")
            limits.restrict(memory: number("\(folder)/memory.high"), source: "cgroup memory.high")
            let cpu = lines("\(folder)/cpu.max").first?.split(separator: " ") ?? []
            if cpu.count == 2, let quota = Double(cpu[0]), let period = Double(cpu[1]), period > 0 {
                limits.restrict(cpu: quota / period, source: "cgroup cpu.max")
            }
            for line in lines("\(folder)/io.max") {
                for word in line.split(separator: " ") where word.hasPrefix("rbps=") || word.hasPrefix("wbps=") {
                    limits.restrict(io: Int(word.dropFirst(5)), source: "cgroup io.max")
                }
            }
        }
    }

    // MARK: Control groups v1

    private func readControllers(_ names: Set<String>, _ path: String, into limits: inout MachineLimits) {
        if names.contains("memory") {
            for folder in folders(of: path, in: ["sys/fs/cgroup/memory"]) {
                let bytes = number("\(folder)/memory.limit_in_bytes")
                limits.restrict(
                    memory: bytes.flatMap { $0 < Self.unlimited ? $0 : nil },
                    source: "cgroup memory.limit_in_bytes"
                )
            }
        }
        if names.contains("cpu") {
            for folder in folders(of: path, in: ["sys/fs/cgroup/cpu,cpuacct", "sys/fs/cgroup/cpu"]) {
                guard let quota = number("\(folder)/cpu.cfs_quota_us"),
                    let period = number("\(folder)/cpu.cfs_period_us"),
                    period > 0
                else { continue }
                limits.restrict(cpu: Double(quota) / Double(period), source: "cgroup cpu.cfs_quota_us")
            }
        }
        if names.contains("blkio") {
            for folder in folders(of: path, in: ["sys/fs/cgroup/blkio"]) {
                for name in ["blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device"] {
                    for line in lines("\(folder)/\(name)") {
                        limits.restrict(
                            io: line.split(separator: " ").last.flatMap { Int($0) },
                            source: "cgroup \(name)"
                        )
                    }
                }
            }
        }
    }

    /// The folders of a group and of the groups around it: each one's limits hold.
    ///
    /// In a container the path is often the host's and does not exist here; what is mounted is the group itself then.
    private func folders(of path: String, in mounts: [String]) -> [String] {
        guard let mount = mounts.first(where: { Host.isFolder("\(root)/\($0)") }) else { return [] }
        var folders = [mount]
        for component in path.split(separator: "/") where component != ".." {
            folders.append("\(folders[folders.count - 1])/\(component)")
        }
        return folders
    }

    // MARK: The machine

    private func totalMemory() -> Int? {
        let line = lines("proc/meminfo").first { $0.hasPrefix("MemTotal:") }
        let words = line?.split(separator: " ") ?? []
        guard words.count == 3, words[2] == "kB", let kibibytes = Int(words[1]) else { return nil }
        let (bytes, overflow) = kibibytes.multipliedReportingOverflow(by: 1024)
        return overflow ? nil : bytes
    }

    private func allowedCoreCount() -> Int? {
        let prefix = "Cpus_allowed_list:"
        let line = lines("proc/self/status").first { $0.hasPrefix(prefix) }
        return line.flatMap { Self.count(inList: $0.dropFirst(prefix.count)) }
    }

    private func coreCount(_ file: String) -> Int? {
        lines(file).first.flatMap { Self.count(inList: $0[...]) }
    }

    /// How many numbers a list such as `0-3,5` names.
    static func count(inList list: Substring) -> Int? {
        var count = 0
        for part in list.filter({ $0 != " " && $0 != "\t" }).split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last else {
                return nil
            }
            let (length, overflow) = last.subtractingReportingOverflow(first)
            guard !overflow, length < 65_536 else { return nil }
            count += length + 1
        }
        return count > 0 ? count : nil
    }

    private func number(_ file: String) -> Int? {
        lines(file).first.flatMap { Int($0) }
    }

    private func lines(_ file: String) -> [String] {
        guard let bytes = try? Host.readFile("\(root)/\(file)", limit: Self.sizeLimit) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
