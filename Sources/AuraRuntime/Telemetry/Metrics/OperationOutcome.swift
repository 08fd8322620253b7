internal import AuraEffects

/// The values of the label `outcome`: `ok`, the codes of ``EffectError``, and `other` for codes of other packages.
///
/// Codes are an open set, so that a handler could fill a label with any number of values.
enum OperationOutcome {
    static let ok = "ok"

    /// The values for errors; the last one is `other`.
    static let errors: [String] = codes.map(\.rawValue) + ["other"]

    /// The place of an error's code within ``errors``.
    static func index(of code: EffectError.Code) -> Int {
        indices[code] ?? codes.count
    }

    private static let codes: [EffectError.Code] = [
        .notFound, .conflict, .preconditionFailed, .compacted, .invalidArgument, .unauthenticated, .permissionDenied,
        .resourceExhausted, .throttled, .unavailable, .deadlineExceeded, .cancelled, .corrupted, .unsupported,
        .unimplemented, .internal,
    ]

    private static let indices = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
}
