internal import AuraRuntime

/// An open file of a simulated disk.
final class SimulatedFile: VolumeFile {
    private let disk: SimulatedDisk
    private let generation: Int
    private let fileNumber: UInt64
    private let opening: UInt64
    private let isWritable: Bool

    init(_ disk: SimulatedDisk, generation: Int, number: UInt64, opening: UInt64, isWritable: Bool) {
        self.disk = disk
        self.generation = generation
        fileNumber = number
        self.opening = opening
        self.isWritable = isWritable
    }

    deinit {
        disk.close(fileNumber, opening, in: generation)
    }

    private func perform<Result: Sendable>(
        _ operation: DiskOperation,
        _ body: (inout DiskState) throws(VolumeError) -> Result
    ) throws(VolumeError) -> Result {
        try disk.perform(operation, in: generation, body)
    }

    var size: Int {
        get throws(VolumeError) {
            try perform(.read) { disk throws(VolumeError) in
                try disk.check(.read)
                return disk.files[fileNumber]?.bytes.count ?? 0
            }
        }
    }

    var number: UInt64 {
        get throws(VolumeError) {
            try perform(.read) { disk throws(VolumeError) in
                try disk.check(.read)
                return fileNumber
            }
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(VolumeError) -> Int {
        try perform(.read) { disk throws(VolumeError) in
            try disk.check(.read)
            return unsafe try disk.read(fileNumber, into: buffer, at: offset)
        }
    }

    func read(
        into first: UnsafeMutableRawBufferPointer,
        andThen second: UnsafeMutableRawBufferPointer
    ) throws(VolumeError) -> Int {
        try perform(.read) { disk throws(VolumeError) in
            try disk.check(.read)
            let count = unsafe try disk.read(fileNumber, into: first, at: 0)
            return count < first.count ? count : unsafe try count + disk.read(fileNumber, into: second, at: count)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(VolumeError) {
        guard isWritable else { throw .notWritable }
        try perform(.write) { disk throws(VolumeError) in unsafe try disk.write(fileNumber, bytes, at: offset) }
    }

    func truncate(to size: Int) throws(VolumeError) {
        guard isWritable else { throw .notWritable }
        try perform(.write) { disk throws(VolumeError) in try disk.truncate(fileNumber, to: size) }
    }

    func sync() throws(VolumeError) {
        try perform(.sync) { disk throws(VolumeError) in try disk.sync(fileNumber) }
    }

    func syncData() throws(VolumeError) {
        try sync()
    }

    /// Does nothing: it promises nothing.
    func startWriteback() {}

    func tryLock() throws(VolumeError) -> Bool {
        try perform(.name) { disk throws(VolumeError) in disk.lock(fileNumber, for: opening) }
    }

    func unlock() {
        disk.unlock(fileNumber, opening, in: generation)
    }
}
