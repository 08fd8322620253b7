#if PostgreSQL
internal import AuraEffects

/// The parameters of one statement in PostgreSQL's binary format, one after the other in one buffer.
///
/// Source of the formats: the `…send` and `…recv` functions of each type; numbers are big-endian.
@safe
struct PostgreSQLParameters: ~Copyable {
    /// The types that arrays are made of.
    ///
    /// Source: `pg_type.dat`.
    enum Element: UInt32 {
        case bytes = 17
        case int8 = 20
        case int4 = 23
        case uuid = 2950
        case bool = 16
    }

    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0
    /// Where each parameter begins, and its length; a negative one is NULL.
    private var places: [(start: Int, length: Int32)] = []

    init(capacity: Int = 256) {
        self.capacity = capacity
        unsafe memory = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit {
        unsafe memory.deallocate()
    }

    var parameterCount: Int32 { Int32(places.count) }

    // MARK: Single values

    mutating func add(_ value: Int64) { single(8) { parameters in parameters.write(value) } }
    mutating func add(_ value: Int) { add(Int64(value)) }
    /// A number that PostgreSQL keeps as a signed one: what is above its range becomes its end.
    mutating func add(_ value: UInt64) { add(Int64(clamping: value)) }
    mutating func add(_ value: Int32) { single(4) { parameters in parameters.write(value) } }
    mutating func add(_ value: Bool) { single(1) { parameters in parameters.write(value ? 1 as UInt8 : 0) } }
    mutating func add(uuid value: UInt128) { single(16) { parameters in parameters.write(value) } }
    mutating func add(_ value: [UInt8]) { single(value.count) { parameters in parameters.write(value) } }
    mutating func add(_ text: String) { add(Array(text.utf8)) }
    mutating func add(_ digest: SHA256Digest) {
        single(SHA256Digest.byteCount) { parameters in parameters.write(digest) }
    }
    mutating func addNull() { places.append((count, -1)) }

    private mutating func single(_ length: Int, _ body: (inout PostgreSQLParameters) -> Void) {
        places.append((count, Int32(length)))
        body(&self)
    }

    // MARK: Arrays

    /// Adds an array parameter; `body` adds each element with one of the `element` methods.
    ///
    /// - Parameters:
    ///   - type: The elements' type.
    ///   - count: How many elements `body` adds.
    ///   - body: Adds them.
    mutating func addArray(of type: Element, count: Int, _ body: (inout PostgreSQLParameters) -> Void) {
        let start = self.count
        write(Int32(count == 0 ? 0 : 1))
        write(Int32(0))
        write(Int32(bitPattern: type.rawValue))
        if count > 0 {
            write(Int32(count))
            write(Int32(1))
        }
        body(&self)
        places.append((start, Int32(self.count - start)))
    }

    mutating func element(_ value: Int64) {
        write(Int32(8))
        write(value)
    }

    mutating func element(_ value: Int32) {
        write(Int32(4))
        write(value)
    }

    mutating func element(_ value: Bool) {
        write(Int32(1))
        write(value ? 1 as UInt8 : 0)
    }

    mutating func element(uuid value: UInt128) {
        write(Int32(16))
        write(value)
    }

    mutating func element(_ value: [UInt8]) {
        write(Int32(value.count))
        write(value)
    }

    mutating func element(_ digest: SHA256Digest) {
        write(Int32(SHA256Digest.byteCount))
        write(digest)
    }

    // MARK: Bytes

    private mutating func write<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        let end = count + MemoryLayout<Integer>.size
        if end > capacity { grow(to: end) }
        unsafe memory.storeBytes(of: value.bigEndian, toByteOffset: count, as: Integer.self)
        count = end
    }

    private mutating func write(_ bytes: [UInt8]) {
        let end = count + bytes.count
        if end > capacity { grow(to: end) }
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe (memory + count).copyMemory(from: base, byteCount: bytes.count)
        }
        count = end
    }

    private mutating func write(_ digest: SHA256Digest) {
        let end = count + SHA256Digest.byteCount
        if end > capacity { grow(to: end) }
        unsafe digest.store(
            into: UnsafeMutableRawBufferPointer(start: memory + count, count: SHA256Digest.byteCount)
        )
        count = end
    }

    private mutating func grow(to needed: Int) {
        let larger = max(capacity * 2, needed)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        unsafe fresh.copyMemory(from: memory, byteCount: count)
        unsafe memory.deallocate()
        unsafe memory = fresh
        capacity = larger
    }

    /// Lends what `PQsendQueryPrepared` takes: pointers, lengths and formats.
    func withPointers<Result>(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        var pointers: [UnsafePointer<CChar>?] = unsafe []
        unsafe pointers.reserveCapacity(places.count)
        for place in places {
            unsafe pointers.append(
                place.length < 0 ? nil : UnsafePointer((memory + place.start).assumingMemoryBound(to: CChar.self))
            )
        }
        let lengths = places.map { max($0.length, 0) }
        let formats = [Int32](repeating: 1, count: places.count)
        return unsafe pointers.withUnsafeBufferPointer { pointers in
            unsafe lengths.withUnsafeBufferPointer { lengths in
                unsafe formats.withUnsafeBufferPointer { formats in
                    unsafe body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                }
            }
        }
    }
}
#endif
