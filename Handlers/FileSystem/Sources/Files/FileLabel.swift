internal import AuraEffects
internal import AuraRuntime

/// How messages name a file; the words are put together only once there is a message.
enum FileLabel: Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
    /// The file of a key's value.
    case value(StorageKey)
    /// A folder of values.
    case folder(String)
    /// Anything else, in words.
    case words(String)

    init(stringLiteral words: String) {
        self = .words(words)
    }

    var description: String {
        switch self {
        case .value(let key): "the value of \(HandlerErrors.quote(key.text))"
        case .folder(let name): "the folder '\(name)'"
        case .words(let words): words
        }
    }
}
