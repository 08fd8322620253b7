internal import AuraEffects
internal import AuraRuntime
internal import AuraSimulation
internal import Testing

extension VolumeFile {
    func write(_ bytes: [UInt8], at offset: Int) throws(VolumeError) {
        let result = unsafe bytes.withUnsafeBytes { bytes in
            Result { () throws(VolumeError) in unsafe try write(bytes, at: offset) }
        }
        try result.get()
    }

    func write(_ text: String, at offset: Int = 0) throws(VolumeError) {
        try write(Array(text.utf8), at: offset)
    }

    func read(_ count: Int, at offset: Int = 0) throws(VolumeError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(VolumeError) in unsafe try read(into: buffer, at: offset) }
        }
        return Array(bytes.prefix(try result.get()))
    }
}

extension FileVolume {
    var root: any VolumeFolder {
        get throws(VolumeError) { try folder(at: "/", creating: false) }
    }
}

/// The error that `body` throws.
func volumeError(_ body: () throws(VolumeError) -> Void) -> VolumeError? {
    do throws(VolumeError) {
        try body()
        return nil
    } catch {
        return error
    }
}
