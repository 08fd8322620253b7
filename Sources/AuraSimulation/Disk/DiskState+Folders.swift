internal import AuraRuntime

extension DiskState {
    /// The number that a name in a folder stands for.
    private func entry(_ name: Substring, in folder: UInt64) throws(VolumeError) -> UInt64? {
        guard let folder = folders[folder] else { throw files[folder] == nil ? .notFound : .notAFolder }
        return folder.entries[String(name)]
    }

    /// Opens a folder by its path, making what is missing where that is asked for, durably or not.
    mutating func openFolder(
        _ path: String,
        from start: UInt64,
        creating: Bool,
        isDurable: Bool
    ) throws(VolumeError) -> UInt64 {
        try check(.name)
        var number = start
        for name in path.split(separator: "/") {
            if let found = try entry(name, in: number) {
                guard folders[found] != nil else { throw .notAFolder }
                number = found
                continue
            }
            guard creating else { throw .notFound }
            let made = newNumber()
            folders[made] = FolderNode()
            change(number, [(String(name), made)])
            if isDurable {
                do throws(VolumeError) {
                    try syncFolder(number)
                } catch {
                    // Else the next opening would take it for durable.
                    change(number, [(String(name), nil)])
                    throw error
                }
            }
            number = made
        }
        return number
    }

    /// Opens a file by its path below a folder.
    mutating func openFile(
        _ path: String,
        from start: UInt64,
        _ options: VolumeFileOptions
    ) throws(VolumeError) -> UInt64 {
        try check(.name)
        var folder = start
        var names = path.split(separator: "/")
        guard let name = names.popLast() else { throw .isFolder }
        for name in names {
            guard let found = try entry(name, in: folder) else { throw .notFound }
            folder = found
        }
        let number: UInt64
        if let found = try entry(name, in: folder) {
            guard files[found] != nil else { throw .isFolder }
            if options.isSuperset(of: [.create, .exclusive]) { throw .exists }
            number = found
        } else {
            guard options.contains(.create) else { throw .notFound }
            number = newNumber()
            files[number] = FileNode(sectorSize: configuration.sectorSize)
            change(folder, [(String(name), number)])
        }
        files[number]?.openings += 1
        if options.isSuperset(of: [.write, .truncate]), files[number]?.bytes.isEmpty == false {
            do throws(VolumeError) {
                try truncate(number, to: 0)
            } catch {
                files[number]?.openings -= 1
                throw error
            }
        }
        return number
    }

    mutating func names(in folder: UInt64) throws(VolumeError) -> [String] {
        try check(.read)
        guard let folder = folders[folder] else { throw .notFound }
        return folder.entries.keys.sorted()
    }

    mutating func rename(_ name: String, to newName: String, in folder: UInt64) throws(VolumeError) {
        try check(.name)
        let number = try file(name, in: folder)
        if let replaced = try entry(newName[...], in: folder) {
            guard files[replaced] != nil else { throw .isFolder }
            if replaced == number { return }
        }
        change(folder, [(newName, number), (name, nil)])
    }

    mutating func link(_ name: String, as newName: String, in folder: UInt64) throws(VolumeError) {
        try check(.name)
        let number = try file(name, in: folder)
        guard try entry(newName[...], in: folder) == nil else { throw .exists }
        change(folder, [(newName, number)])
    }

    mutating func remove(_ name: String, from folder: UInt64) throws(VolumeError) {
        try check(.name)
        _ = try file(name, in: folder)
        change(folder, [(name, nil)])
    }

    private func file(_ name: String, in folder: UInt64) throws(VolumeError) -> UInt64 {
        guard let number = try entry(name[...], in: folder) else { throw .notFound }
        guard files[number] != nil else { throw .isFolder }
        return number
    }

    mutating func syncFolder(_ number: UInt64) throws(VolumeError) {
        if fails(.sync) {
            settled(folders[number]?.failSync(&random) ?? [])
            throw .deviceFailed
        }
        if faults.liesAboutSync {
            statistics.lyingSyncs += 1
        } else {
            settled(folders[number]?.sync() ?? [])
        }
    }

    // MARK: Names

    /// Lets names stand for something else.
    private mutating func change(_ folder: UInt64, _ edits: [(name: String, number: UInt64?)]) {
        let former = edits.compactMap { folders[folder]?.entries[$0.name] }
        for (name, number) in edits { record(folder, name.utf8.count, Int(number ?? 0)) }
        folders[folder]?.change(edits)
        for (_, number) in edits {
            if let number { files[number]?.names += 1 }
        }
        for number in former {
            files[number]?.names -= 1
            files[number]?.pendingRemovals += 1
            release(number)
        }
    }

    /// Forgets that names stood for files before, since no crash brings that back.
    private mutating func settled(_ former: [UInt64]) {
        for number in former {
            files[number]?.pendingRemovals -= 1
            release(number)
        }
    }
}
