/// Where a setting comes from.
public enum SettingPlace: Sendable, Hashable {
    /// A file as a whole.
    case file(String)
    /// A place in a file; line and column count from 1.
    case line(file: String, line: Int, column: Int)
    /// A part of the command line, named without its values.
    case argument(String)
    /// An environment variable.
    case variable(String)
    /// The handler's own default.
    case standard
    /// Nowhere: the handler decides, often by the budget.
    case handler
}

extension SettingPlace: CustomStringConvertible {
    /// The place as messages print it, such as `Profiles/dev.yaml:4:3`.
    public var description: String {
        switch self {
        case .file(let file): file
        case .line(let file, let line, let column): "\(file):\(line):\(column)"
        case .argument(let name): name
        case .variable(let name): "environment variable \(name)"
        case .standard: "default"
        case .handler: "not set, the handler decides"
        }
    }

    /// Whether somebody wrote the value there, so that it may refer to a secret.
    var isWritten: Bool {
        switch self {
        case .file, .line, .argument: true
        case .variable, .standard, .handler: false
        }
    }

    /// The file, where the place is in one.
    public var file: String? {
        switch self {
        case .file(let file), .line(let file, _, _): file
        case .argument, .variable, .standard, .handler: nil
        }
    }

    /// The line in the file, where it is known.
    public var line: Int? {
        guard case .line(_, let line, _) = self else { return nil }
        return line
    }

    /// The column in the line, where it is known.
    public var column: Int? {
        guard case .line(_, _, let column) = self else { return nil }
        return column
    }
}
