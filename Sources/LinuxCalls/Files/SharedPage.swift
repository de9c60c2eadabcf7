import Glibc
import Synchronization
public import SystemPackage

/// A page of memory that processes share through a file, with numbers in it that each of them may
/// read and change at any time.
///
/// The page lives as long as somebody maps it, whatever becomes of the file.
@safe public final class SharedPage: @unchecked Sendable {
    // Safe to share: the memory is only touched by atomic operations, and never moves.
    private let memory: UnsafeMutableRawPointer
    private static let length = 4096

    /// Makes a file, readable for this user alone, and maps it; all its numbers are 0.
    ///
    /// The corresponding C function is `mmap` with `MAP_SHARED`.
    public init(creating path: FilePath) throws(SystemError) {
        let file = try File(path, .createNew)
        try file.setSize(Self.length)
        let mapped = unsafe mmap(
            nil,
            Self.length,
            PROT_READ | PROT_WRITE,
            MAP_SHARED,
            file.descriptor,
            0
        )
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw SystemError("mmap", path: path.string)
        }
        unsafe memory = mapped
    }

    deinit {
        unsafe munmap(memory, Self.length)
    }

    private func withNumber<Result>(_ place: Int, _ body: (borrowing Atomic<Int64>) -> Result)
        -> Result
    {
        precondition(place >= 0 && place % 8 == 0 && place + 8 <= Self.length)
        let number = unsafe (memory + place).assumingMemoryBound(to: Atomic<Int64>.self)
        return unsafe body(number.pointee)
    }

    /// A number; its place is a multiple of 8 within the page.
    public func number(at place: Int) -> Int64 {
        withNumber(place) { $0.load(ordering: .acquiring) }
    }

    /// Changes a number.
    public func set(_ value: Int64, at place: Int) {
        withNumber(place) { $0.store(value, ordering: .releasing) }
    }

    /// Adds to a number; beyond the largest it begins again.
    public func add(_ value: Int64, at place: Int) {
        _ = withNumber(place) { $0.wrappingAdd(value, ordering: .acquiringAndReleasing) }
    }
}
