internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#endif

/// The allocator of the C library, which serves Swift's arrays and objects too.
public enum MemoryAllocator {
    /// Lets the process keep freed memory for what it allocates next: up to a sixty-fourth of the budget's memory in each of
    /// the allocator's arenas, of which there are no more than the budget has processor cores.
    ///
    /// glibc gives memory back to the system as soon as 128 KiB are free, and asks for it again with the next large value. It
    /// makes an arena for nearly every thread, up to eight for each core, and each grows a page at a time:
    /// `docs/performance.md` says what that costs. An application that is launched as an
    /// ``AuraApplication`` is tuned by its profile; another calls this once when it starts. Elsewhere than on glibc it does
    /// nothing.
    ///
    /// - Parameter budget: What the process may use.
    public static func tune(for budget: ResourceBudget) {
        #if canImport(Glibc)
        // Swift's module of glibc leaves malloc.h out.
        typealias SetOption = @convention(c) (_ option: Int32, _ value: Int32) -> Int32
        guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
        let setOption = unsafe unsafeBitCast(symbol, to: SetOption.self)
        let trimThreshold: Int32 = -1
        let mappingThreshold: Int32 = -3
        let mostArenas: Int32 = -8
        let kept = Int32(clamping: budget.memoryLimit.bytes / 64)
        _ = setOption(trimThreshold, kept)
        _ = setOption(mappingThreshold, min(kept / 2, 32 << 20))
        _ = setOption(mostArenas, Int32(clamping: Int(max(1, budget.cpuQuota.rounded(.up)))))
        #endif
    }
}
