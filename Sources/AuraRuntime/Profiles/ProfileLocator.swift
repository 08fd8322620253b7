/// Finds the files of profiles.
struct ProfileLocator {
    /// A profile larger than this is a mistake.
    private static let sizeLimit = 262_144

    let variables: [String: String]

    /// Whether a value that selects a profile is a path and not a name.
    static func isPath(_ nameOrPath: String) -> Bool {
        nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml")
    }

    /// A file's name without folder and extension.
    static func stem(of file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
    }

    /// Reads the profile that a user selected.
    func read(_ nameOrPath: String) throws(ProfileErrors) -> (file: String, bytes: [UInt8]) {
        try read(nameOrPath, key: "", for: nil, in: try folders())
    }

    /// The file of the profile that a user selected, whether or not it can be read; `nil` where there is none.
    func file(of nameOrPath: String) -> String? {
        do {
            return try read(nameOrPath).file
        } catch {
            return error.errors.first { $0.code == .unreadable }?.place.file
        }
    }

    /// Reads a profile that another one extends: a path from that one's folder, a name there first.
    func read(
        _ name: String,
        for place: SettingPlace,
        near file: String
    ) throws(ProfileErrors) -> (file: String, bytes: [UInt8]) {
        let folder = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? ""
        let path = Self.isPath(name) && !name.hasPrefix("/") ? Self.join(folder, name) : name
        return try read(path, key: "extends", for: place, in: [folder] + (try folders()))
    }

    private func read(
        _ nameOrPath: String,
        key: String,
        for place: SettingPlace?,
        in folders: [String]
    ) throws(ProfileErrors) -> (file: String, bytes: [UInt8]) {
        let candidates = Self.isPath(nameOrPath) ? [nameOrPath] : folders.map { Self.join($0, "\(nameOrPath).yaml") }
        for file in candidates {
            do {
                return (file, try Host.readFile(file, limit: Self.sizeLimit))
            } catch {
                guard let message = Self.message(for: error) else { continue }
                throw ProfileErrors(.unreadable, at: .file(file), message)
            }
        }
        throw ProfileErrors(.notFound, at: place ?? .file(nameOrPath), key: key, notFound(nameOrPath, in: folders))
    }

    /// Why a file cannot be read; `nil` where there is none, so that the next place is looked at.
    private static func message(for failure: Host.ReadFailure) -> String? {
        switch failure {
        case .missing: nil
        case .tooLarge: "is larger than 256 KiB; this is not a profile"
        case .notAFile: "is a folder; name a file in it"
        case .other(let reason): "cannot be read: \(reason)"
        }
    }

    private func notFound(_ nameOrPath: String, in folders: [String]) -> String {
        if Self.isPath(nameOrPath) { return "there is no file '\(nameOrPath)'; name a profile, or the path of one" }
        let found = Set(folders.flatMap(Self.profileNames)).sorted()
        let near = suggestion(for: nameOrPath, in: found)
        let list = found.isEmpty ? "there are none here" : "there are: \(found.joined(separator: ", "))"
        return "there is no profile '\(nameOrPath)'\(near)\(list); set AURA_PROFILES to the folder of your profiles"
    }

    /// The names of the profiles in the folders where names are looked for.
    func names() throws(ProfileErrors) -> [String] {
        Set(try folders().flatMap(Self.profileNames)).sorted()
    }

    private static func profileNames(in folder: String) -> [String] {
        Host.names(in: folder.isEmpty ? "." : folder).filter { $0.hasSuffix(".yaml") }.map(stem)
    }

    /// Where names are looked for, first place first.
    private func folders() throws(ProfileErrors) -> [String] {
        var folders = variables["AURA_PROFILES"].map { [$0] } ?? []
        if let folder = folders.first, !Host.isFolder(folder) {
            let message = "'\(folder)' is no folder; set it to the folder of your profiles, or unset it"
            throw ProfileErrors(.notFound, at: .variable("AURA_PROFILES"), message)
        }
        folders.append("Profiles")
        var folder = Host.executablePath ?? ""
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            folders.append("\(folder)/Profiles")
        }
        return folders.filter(Host.isFolder)
    }

    private static func join(_ folder: String, _ name: String) -> String {
        if folder.isEmpty { return name }
        return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
