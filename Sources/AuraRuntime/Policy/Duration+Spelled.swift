extension Duration {
    /// The duration as a profile spells it, such as `250ms`.
    var spelled: String { HandlerSettings.Value.duration(self).spelled }
}
