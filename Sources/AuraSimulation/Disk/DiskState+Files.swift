internal import AuraRuntime

extension DiskState {
    /// Reads as many bytes as there are, at most as many as the buffer takes.
    mutating func read(
        _ number: UInt64,
        into buffer: UnsafeMutableRawBufferPointer,
        at offset: Int
    ) throws(VolumeError) -> Int {
        guard let size = files[number]?.bytes.count else { throw .deviceFailed }
        let count = max(0, min(buffer.count, size - offset))
        record(number, offset, count)
        if count > 0 && random.happens(faults.flippedBit) {
            let place = offset + random.below(count)
            if files[number]?.flip(bit: random.below(8), at: place) == true { statistics.flippedBits += 1 }
        }
        guard count > 0 else { return 0 }
        unsafe files[number]?.bytes
            .withUnsafeBytes { bytes in
                unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
            }
        return count
    }

    mutating func write(_ number: UInt64, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(VolumeError) {
        guard let size = files[number]?.bytes.count else { throw .deviceFailed }
        guard bytes.count > 0 else { return }
        record(number, offset, bytes.count)
        var written = bytes.count
        var failure: VolumeError?
        if fails(.write) {
            failure = .deviceFailed
            // Whole sectors, and not all of them.
            let sectors = offset / configuration.sectorSize..<(offset + bytes.count - 1) / configuration.sectorSize + 1
            let end = (sectors.lowerBound + random.below(sectors.count)) * configuration.sectorSize
            written = max(0, end - offset)
        }
        let largest = room(forFileOf: size)
        if offset + written > largest {
            statistics.refusedAsFull += 1
            failure = .full
            written = max(0, largest - offset)
        }
        unsafe files[number]?.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(written)), at: offset)
        sizeChanged(of: number, from: size)
        if files[number]?.unsyncedBytes ?? 0 > configuration.unsyncedLimit { files[number]?.sync() }
        if let failure { throw failure }
    }

    mutating func truncate(_ number: UInt64, to newSize: Int) throws(VolumeError) {
        guard let size = files[number]?.bytes.count else { throw .deviceFailed }
        record(number, newSize)
        try check(.write)
        guard newSize <= max(size, room(forFileOf: size)) else {
            statistics.refusedAsFull += 1
            throw .full
        }
        files[number]?.truncate(to: newSize)
        sizeChanged(of: number, from: size)
    }

    /// How large a file may become that has some size by now.
    private func room(forFileOf size: Int) -> Int {
        guard let capacity else { return .max }
        let taken = FileNode.room(size, sectorSize: configuration.sectorSize)
        return taken + max(0, capacity - takenRoom) / configuration.sectorSize * configuration.sectorSize
    }

    private mutating func sizeChanged(of number: UInt64, from size: Int) {
        let newSize = files[number]?.bytes.count ?? 0
        takenRoom +=
            FileNode.room(newSize, sectorSize: configuration.sectorSize)
            - FileNode.room(size, sectorSize: configuration.sectorSize)
    }

    mutating func sync(_ number: UInt64) throws(VolumeError) {
        record(number, files[number]?.bytes.count ?? 0)
        if fails(.sync) {
            if faults.failedSyncForgets {
                statistics.forgottenSectors += files[number]?.failSync(&random) ?? 0
            }
            throw .deviceFailed
        }
        if faults.liesAboutSync {
            statistics.lyingSyncs += 1
        } else {
            files[number]?.sync()
        }
    }

    // MARK: Openings

    /// Takes a file's lock; `false` where another opening has it.
    mutating func lock(_ number: UInt64, for opening: UInt64) -> Bool {
        guard let file = files[number] else { return false }
        if let owner = file.lockOwner { return owner == opening }
        files[number]?.lockOwner = opening
        return true
    }

    mutating func unlock(_ number: UInt64, for opening: UInt64) {
        if files[number]?.lockOwner == opening { files[number]?.lockOwner = nil }
    }

    mutating func close(_ number: UInt64, _ opening: UInt64) {
        unlock(number, for: opening)
        files[number]?.openings -= 1
        release(number)
    }
}
