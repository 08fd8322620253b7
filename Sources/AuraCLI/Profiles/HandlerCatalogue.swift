internal import AuraRuntime

/// The linked handlers with the settings that they take.
struct HandlerCatalogue {
    let declarations: [HandlerDeclaration]

    init(_ registry: HandlerRegistry) {
        declarations = registry.declarations.enumerated()
            .sorted { ($0.element.effect, $0.offset) < ($1.element.effect, $1.offset) }
            .map(\.element)
    }

    var text: String {
        declarations.map { declaration in
            let head = "  \(declaration.effect): \(declaration.technology)  \(declaration.summary)"
            let rows = declaration.settings.map { setting in
                let value = setting.isRequired ? "required" : setting.defaultValue ?? "–"
                return ["", setting.key, setting.type.name, value, setting.summary]
            }
            return ([head] + TextTable.rows(rows)).joined(separator: "\n")
        }
        .joined(separator: "\n")
    }

    var json: JSONValue {
        .array(
            declarations.map { declaration in
                [
                    "effect": .string(declaration.effect),
                    "handler": .string(declaration.technology),
                    "summary": .string(declaration.summary),
                    "settings": .array(
                        declaration.settings.map { setting in
                            [
                                "key": .string(setting.key),
                                "type": .string(setting.type.name),
                                "required": .boolean(setting.isRequired),
                                "default": .optional(setting.defaultValue),
                                "summary": .string(setting.summary),
                            ]
                        }
                    ),
                ]
            }
        )
    }
}

extension SettingDeclaration.ValueType {
    fileprivate var name: String {
        switch self {
        case .string: "text"
        case .path: "path"
        case .integer(let range) where range.upperBound == .max: "number from \(range.lowerBound)"
        case .integer(let range): "number \(range.lowerBound)…\(range.upperBound)"
        case .boolean: "true or false"
        case .byteCount: "size"
        case .duration: "time"
        case .choice(let words): words.joined(separator: ", ")
        case .list: "list"
        case .secret: "secret"
        case .handler(let effect): "a handler of \(effect)"
        }
    }
}
