extension Duration {
    /// The duration as a profile spells it, such as `250ms`.
    package var spelled: String { HandlerSettings.Value.duration(self).spelled }

    /// The duration that a profile spells so; `nil` where it is none.
    package init?(spelled text: some StringProtocol) {
        guard let duration = try? SettingParser.duration(String(text)) else { return nil }
        self = duration
    }
}
