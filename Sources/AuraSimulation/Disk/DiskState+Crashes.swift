internal import AuraRuntime

extension DiskState {
    /// How likely a change that was not synced is to have reached the disk; one of them for each power failure.
    private static let survivals = [0, 0.1, 0.5, 0.9, 1]

    /// Ends the machine's run by a power failure: of what was not synced, chance decides what is left.
    mutating func crash() {
        statistics.crashes += 1
        crash(survival: Self.survivals[random.below(Self.survivals.count)])
        endRun()
    }

    private mutating func crash(survival: Double) {
        for number in folders.keys.sorted() {
            guard var folder = folders[number], !folder.isDurable else { continue }
            statistics.lostNames += folder.crash(survival: survival, &random)
            folders[number] = folder
        }
        for number in files.keys.sorted() {
            files[number]?
                .crash(
                    survival: survival,
                    tearsSectors: configuration.tearsSectors,
                    &random,
                    &statistics
                )
        }
    }

    /// Lets all that was open be gone.
    mutating func endRun() {
        generation += 1
        operationsLeft = nil
        var kept: [UInt64: Int] = [:]
        var keptFolders: Set<UInt64> = []
        visit { _, number, isFolder in
            if isFolder { keptFolders.insert(number) } else { kept[number, default: 0] += 1 }
        }
        folders = folders.filter { keptFolders.contains($0.key) }
        takenRoom = 0
        for number in files.keys.sorted() {
            let names = kept[number, default: 0]
            files[number]?.names = names
            files[number]?.openings = 0
            files[number]?.lockOwner = nil
            files[number]?.takesRoom = true
            takenRoom += FileNode.room(files[number]?.bytes.count ?? 0, sectorSize: configuration.sectorSize)
            release(number)
        }
    }

    /// Goes over everything that has a name, in the order of the paths' names.
    ///
    /// - Parameter visitor: Told the path, the number, and whether it is a folder.
    func visit(_ visitor: (_ path: String, _ number: UInt64, _ isFolder: Bool) -> Void) {
        func visitFolder(_ path: String, _ number: UInt64) {
            visitor(path, number, true)
            for (name, child) in (folders[number]?.entries ?? [:]).sorted(by: { $0.key < $1.key }) {
                let childPath = "\(path)/\(name)"
                if folders[child] != nil { visitFolder(childPath, child) } else { visitor(childPath, child, false) }
            }
        }
        visitFolder("", Self.rootNumber)
    }

    /// A number that depends on everything that is durable, and on nothing else.
    func fingerprint() -> UInt64 {
        var durable = self
        durable.crash(survival: 0)
        var hash: UInt64 = 0
        durable.visit { path, number, isFolder in
            var path = path
            hash = path.withUTF8 { unsafe XXHash64.hash(UnsafeRawBufferPointer($0), seed: hash) }
            let bytes = durable.files[number]?.bytes ?? []
            hash = unsafe bytes.withUnsafeBytes { unsafe XXHash64.hash($0, seed: hash &+ (isFolder ? 1 : 0)) }
        }
        return hash
    }
}
