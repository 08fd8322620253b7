internal import AuraEffects
internal import AuraRuntime
internal import Testing

@Suite("What the machine grants")
struct MachineReaderTests {
    private func limits(_ files: [String: String]) throws -> MachineLimits {
        let folder = try TemporaryFolder()
        try folder.write(files)
        return ResourceManager.machineLimits(root: folder.path)
    }

    private let machine = [
        "proc/meminfo": "MemTotal:       16777216 kB\nMemFree:         1 kB\n",
        "sys/devices/system/cpu/online": "0-7\n",
        "proc/self/status": "Name:\tx\nCpus_allowed_list:\t0-3,6\n",
    ]

    private func withMachine(_ files: [String: String]) throws -> MachineLimits {
        try limits(machine.merging(files) { $1 })
    }

    @Test("a machine without control groups grants its memory and the cores allowed to the process")
    func bare() throws {
        let limits = try limits(machine)
        #expect(limits.memory == .init(.gibibytes(16), source: "machine memory"))
        #expect(limits.cpu == .init(5, source: "cores allowed to the process"))
        #expect(limits.io == nil)
    }

    @Test("an empty tree sets no limit")
    func empty() throws {
        #expect(try limits([:]) == MachineLimits())
        #expect(ResourceManager.machineLimits(root: "/nowhere/at/all") == MachineLimits())
    }

    @Test("control groups v2 limit memory, cores and reading and writing")
    func version2() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "0::/app\n",
            "sys/fs/cgroup/app/memory.max": "134217728\n",
            "sys/fs/cgroup/app/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/app/io.max": "8:0 rbps=max wbps=1048576 riops=max wiops=max\n8:16 rbps=2097152 wbps=max\n",
        ])
        #expect(limits.memory == .init(.mebibytes(128), source: "cgroup memory.max"))
        #expect(limits.cpu == .init(1.5, source: "cgroup cpu.max"))
        #expect(limits.io == .init(.mebibytes(1), source: "cgroup io.max"))
    }

    @Test("'max' sets no limit")
    func unlimited2() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/memory.max": "max\n",
            "sys/fs/cgroup/memory.high": "max\n",
            "sys/fs/cgroup/cpu.max": "max 100000\n",
            "sys/fs/cgroup/io.max": "8:0 rbps=max wbps=max riops=max wiops=max\n",
        ])
        #expect(limits.memory?.source == "machine memory")
        #expect(limits.cpu?.source == "cores allowed to the process")
        #expect(limits.io == nil)
    }

    @Test("the memory from which the kernel throttles is a limit too")
    func high() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "200\n", "sys/fs/cgroup/memory.high": "100\n",
        ])
        #expect(limits.memory == .init(.bytes(100), source: "cgroup memory.high"))
    }

    @Test("of nested groups the lowest limit holds, wherever it is set")
    func nested() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "0::/outer/middle/inner\n",
            "sys/fs/cgroup/outer/memory.max": "1000000\n",
            "sys/fs/cgroup/outer/middle/memory.max": "2000000\n",
            "sys/fs/cgroup/outer/middle/inner/memory.max": "max\n",
            "sys/fs/cgroup/outer/cpu.max": "max 100000\n",
            "sys/fs/cgroup/outer/middle/cpu.max": "50000 100000\n",
            "sys/fs/cgroup/outer/middle/inner/cpu.max": "200000 100000\n",
        ])
        #expect(limits.memory?.value == .bytes(1_000_000))
        #expect(limits.cpu?.value == 0.5)
    }

    @Test("control groups v1 limit memory, cores and reading and writing")
    func version1() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "12:memory:/app\n4:cpu,cpuacct:/app\n3:blkio:/app\n1:name=systemd:/app\n",
            "sys/fs/cgroup/memory/app/memory.limit_in_bytes": "67108864\n",
            "sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us": "30000\n",
            "sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/blkio/app/blkio.throttle.read_bps_device": "8:0 4194304\n",
            "sys/fs/cgroup/blkio/app/blkio.throttle.write_bps_device": "8:0 3145728\n8:16 5242880\n",
        ])
        #expect(limits.memory == .init(.mebibytes(64), source: "cgroup memory.limit_in_bytes"))
        #expect(limits.cpu == .init(0.3, source: "cgroup cpu.cfs_quota_us"))
        #expect(limits.io == .init(.mebibytes(3), source: "cgroup blkio.throttle.write_bps_device"))
    }

    @Test("the huge number and -1 of control groups v1 set no limit")
    func unlimited1() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "12:memory:/\n4:cpu:/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        ])
        #expect(limits.memory?.source == "machine memory")
        #expect(limits.cpu?.source == "cores allowed to the process")
    }

    @Test("in a container whose path is the host's, the mounted group counts")
    func container() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "12:memory:/docker/0123456789abcdef\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "1048576\n",
        ])
        #expect(limits.memory == .init(.mebibytes(1), source: "cgroup memory.limit_in_bytes"))
    }

    @Test("both versions at once count both")
    func hybrid() throws {
        let limits = try withMachine([
            "proc/self/cgroup": "5:memory:/a\n0::/a\n",
            "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "5000000\n",
            "sys/fs/cgroup/unified/a/cpu.max": "10000 100000\n",
        ])
        #expect(limits.memory?.value == .bytes(5_000_000))
        #expect(limits.cpu?.source == "cores allowed to the process")
    }

    @Test(
        "a malformed file sets no limit and stops nothing",
        arguments: [
            "", "\n", "many\n", "-5\n", "0\n", "99999999999999999999999\n", "12 apples\n", "\u{0}\u{1}\n",
        ]
    )
    func malformed(_ text: String) throws {
        let limits = try withMachine([
            "proc/self/cgroup": "\(text)0::/\nx:y\n::::\n",
            "sys/fs/cgroup/memory.max": text,
            "sys/fs/cgroup/cpu.max": text,
            "sys/fs/cgroup/io.max": "8:0 rbps=x\(text)",
            "proc/self/status": "Cpus_allowed_list:\tx\(text)",
        ])
        #expect(limits.memory == .init(.gibibytes(16), source: "machine memory"))
        #expect(limits.cpu == .init(8, source: "machine cores"))
        #expect(limits.io == nil)
    }

    @Test("a malformed machine sets no limit", arguments: ["3-1", "a-b", "1-", "-", "0-99999999999999999999", "1-2-3"])
    func malformedMachine(_ cores: String) throws {
        let limits = try limits([
            "proc/meminfo": "MemTotal: 9223372036854775807 kB\n", "sys/devices/system/cpu/online": "\(cores)\n",
        ])
        #expect(limits == MachineLimits())
    }

    @Test("this machine can be read")
    func thisMachine() {
        #if os(Linux)
        let limits = ResourceManager.machineLimits()
        #expect((limits.memory?.value ?? .bytes(0)) > .mebibytes(16))
        #expect((limits.cpu?.value ?? 0) > 0)
        #endif
    }
}
