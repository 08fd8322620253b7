internal import AuraRuntime

/// A simulated disk as one run of a machine sees it.
final class SimulatedVolume: FileVolume {
    private let disk: SimulatedDisk
    private let generation: Int

    init(_ disk: SimulatedDisk, generation: Int) {
        self.disk = disk
        self.generation = generation
    }

    func folder(at path: String, creating: Bool) throws(VolumeError) -> any VolumeFolder {
        let number = try disk.perform(.name, in: generation) { disk throws(VolumeError) in
            try disk.openFolder(path, from: DiskState.rootNumber, creating: creating, isDurable: true)
        }
        return SimulatedFolder(disk, generation: generation, number: number)
    }
}

/// An open folder of a simulated disk.
final class SimulatedFolder: VolumeFolder {
    private let disk: SimulatedDisk
    private let generation: Int
    private let number: UInt64

    init(_ disk: SimulatedDisk, generation: Int, number: UInt64) {
        self.disk = disk
        self.generation = generation
        self.number = number
    }

    private func perform<Result: Sendable>(
        _ operation: DiskOperation,
        _ body: (inout DiskState) throws(VolumeError) -> Result
    ) throws(VolumeError) -> Result {
        try disk.perform(operation, in: generation, body)
    }

    var isInPlace: Bool {
        // Folders of a simulated disk are never moved; one of an earlier run is not open any more.
        get throws(VolumeError) {
            try perform(.read) { disk throws(VolumeError) in
                try disk.check(.read)
                return true
            }
        }
    }

    var names: [String] {
        get throws(VolumeError) {
            try perform(.read) { disk throws(VolumeError) in try disk.names(in: number) }
        }
    }

    func file(_ path: String, _ options: VolumeFileOptions) throws(VolumeError) -> any VolumeFile {
        let (file, opening) = try perform(.name) { disk throws(VolumeError) in
            (try disk.openFile(path, from: number, options), disk.newOpening())
        }
        return SimulatedFile(
            disk,
            generation: generation,
            number: file,
            opening: opening,
            isWritable: options.contains(.write)
        )
    }

    func folder(_ name: String, creating: Bool) throws(VolumeError) -> any VolumeFolder {
        let folder = try perform(.name) { disk throws(VolumeError) in
            try disk.openFolder(name, from: number, creating: creating, isDurable: false)
        }
        return SimulatedFolder(disk, generation: generation, number: folder)
    }

    func rename(_ name: String, to newName: String) throws(VolumeError) {
        try perform(.name) { disk throws(VolumeError) in try disk.rename(name, to: newName, in: number) }
    }

    func link(_ name: String, as newName: String) throws(VolumeError) {
        try perform(.name) { disk throws(VolumeError) in try disk.link(name, as: newName, in: number) }
    }

    func remove(_ name: String) throws(VolumeError) {
        try perform(.name) { disk throws(VolumeError) in try disk.remove(name, from: number) }
    }

    func sync() throws(VolumeError) {
        try perform(.sync) { disk throws(VolumeError) in try disk.syncFolder(number) }
    }
}
