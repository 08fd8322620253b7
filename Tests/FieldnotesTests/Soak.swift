internal import Foundation

/// How often a test with seeds repeats: more in a long run, which `AURA_SOAK` in the environment asks for.
enum Soak {
    static func count(_ usual: Int, soak: Int) -> Int {
        ProcessInfo.processInfo.environment["AURA_SOAK"] == nil ? usual : soak
    }
}
