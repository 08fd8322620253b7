internal import Glibc

/// A parser of bytes that come from elsewhere, and what must hold of it whatever they are.
///
/// A check that fails ends the process, which is how libFuzzer learns of it.
protocol FuzzTarget: SendableMetatype {
    static var name: String { get }

    static func check(_ bytes: [UInt8])
}

private let targets: [any FuzzTarget.Type] = [FrameTarget.self, KeyDocumentTarget.self, NTPTarget.self]

/// The target that the variable `AURA_FUZZ_TARGET` names.
private let target: any FuzzTarget.Type = {
    let name = unsafe getenv("AURA_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = targets.first(where: { $0.name == name }) else {
        let names = targets.map { $0.name }.joined(separator: ", ")
        fatalError("AURA_FUZZ_TARGET is '\(name)': it must be one of \(names).")
    }
    return target
}()

/// What libFuzzer calls with each input.
///
/// Source: https://llvm.org/docs/LibFuzzer.html
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.check(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
