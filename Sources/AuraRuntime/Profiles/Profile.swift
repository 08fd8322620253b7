/// A named file that says which handlers, with which settings, in which environment; together with what it extends.
///
/// A profile is not yet checked against an application: ``Assembly`` does that.
public struct Profile: Sendable {
    /// The name that the file gives itself; the file's own name where it gives none.
    public let name: String

    /// The file, as messages name it.
    public let file: String

    /// The files of the profiles that it extends, its own base first.
    public let baseFiles: [String]

    let document: ProfileDocument

    /// Reads a profile from text, for tests and tools.
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - file: The file's name in messages.
    ///   - variables: The environment variables that say where extended profiles are.
    /// - Throws: ``ProfileErrors`` where the text is not of a profile's form, or extends what cannot be read.
    public init(
        yaml text: String,
        file: String = "profile.yaml",
        variables: [String: String] = [:]
    ) throws(ProfileErrors) {
        let locator = ProfileLocator(variables: variables)
        try self.init(Array(text.utf8), file: file, expectedName: nil, locator: locator)
    }

    /// Finds and reads a profile.
    ///
    /// A value with a slash or that ends in `.yaml` is a path. A name is looked for as `NAME.yaml` in the folder that
    /// `AURA_PROFILES` names, then in `Profiles` of the working directory, then in a `Profiles` beside or above the
    /// executable.
    ///
    /// - Parameters:
    ///   - nameOrPath: The profile's name, or its file's path.
    ///   - variables: The environment variables; by default the process's.
    /// - Returns: The profile together with what it extends.
    /// - Throws: ``ProfileErrors`` where there is none, or it cannot be read, or it is not of a profile's form.
    public static func find(
        _ nameOrPath: String,
        variables: [String: String]? = nil
    ) throws(ProfileErrors) -> Profile {
        let locator = ProfileLocator(variables: variables ?? Host.variables)
        let (file, bytes) = try locator.read(nameOrPath)
        let expectedName = ProfileLocator.isPath(nameOrPath) ? nil : nameOrPath
        return try Profile(bytes, file: file, expectedName: expectedName, locator: locator)
    }

    /// A profile that no file holds.
    init(_ document: ProfileDocument) {
        name = document.name?.text ?? document.file
        file = document.file
        baseFiles = []
        self.document = document
    }

    private init(
        _ bytes: [UInt8],
        file: String,
        expectedName: String?,
        locator: ProfileLocator
    ) throws(ProfileErrors) {
        var document = ProfileDocument(try ProfileParser.parse(bytes, file: file), file: file)
        if document.name == nil && !document.problems.contains(where: { $0.key == "profile" }) {
            document.problems.append(
                ProfileError(.missingKey, at: .file(file), key: "profile", "is missing; begin with 'profile: NAME'")
            )
        }
        if let expectedName, let name = document.name, name.text != expectedName {
            document.problems.append(
                ProfileError(
                    .invalidValue,
                    at: name.place,
                    key: "profile",
                    "says '\(name.text)', but the file is '\(expectedName)'; give both the same name"
                )
            )
        }
        var names = [expectedName, document.name?.text].compactMap(\.self)
        var top = document
        var layers: [ProfileDocument] = []
        while let extended = top.extends {
            if names.contains(extended.text) {
                throw ProfileErrors(
                    .cycle,
                    at: extended.place,
                    key: "extends",
                    "'\(extended.text)' extends this profile in turn; remove one 'extends'"
                )
            }
            names.append(extended.text)
            let base = try locator.read(extended.text, for: extended.place, near: top.file)
            top = ProfileDocument(try ProfileParser.parse(base.bytes, file: base.file), file: base.file)
            layers.append(top)
        }
        let base = layers.reversed()
            .reduce(nil as ProfileDocument?) { base, layer in base.map(layer.extending) ?? layer }
        if let base { document = document.extending(base) }
        self.file = file
        self.baseFiles = layers.map(\.file)
        self.name = document.name?.text ?? ProfileLocator.stem(of: file)
        self.document = document
    }
}
