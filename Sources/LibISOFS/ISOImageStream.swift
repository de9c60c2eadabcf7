internal import CLibISOFS
import LinuxCalls

/// The bytes of an image, made while they are read; the making is stopped when the value ends.
///
/// A thread of libisofs makes them, and reads the tree and the files meanwhile. One thread reads at a
/// time.
///
/// The corresponding C type is `struct burn_source`.
@safe
public final class ISOImageStream {
    /// Bytes that are taken at once: libisofs gives no other number.
    private static let sectorSize = 2048

    /// The size of the whole image in bytes.
    public let byteCount: Int
    /// The image, which lives as long as a thread reads it.
    private let image: ISOImage
    private let source: UnsafeMutablePointer<burn_source>
    private var left: Int
    private var isOver = false

    /// Lays the image out, and begins to make it.
    ///
    /// The corresponding C function is `iso_image_create_burn_source`.
    ///
    /// - Parameters:
    ///   - image: The tree.
    ///   - options: How the image is made.
    ///   - cancels: Whether only its size is wanted: then nothing is begun, and nothing can be read.
    /// - Throws: ``ISOError`` if the tree can't be made an image of, or another is being made of it.
    public init(
        of image: ISOImage,
        _ options: ISOWriteOptions,
        forSizeOnly cancels: Bool = false
    ) throws(ISOError) {
        guard !image.isGenerating else {
            throw ISOError(.busy, "An image is being made of the tree already")
        }
        let written = try WriteOptions()
        try written.take(options, cancels: cancels)
        var made: UnsafeMutablePointer<burn_source>?
        try ISOLibrary.check(
            unsafe iso_image_create_burn_source(image.pointer, written.pointer, &made),
            "No image can be made of the tree"
        )
        guard let made = unsafe made else {
            throw ISOError(.failed, "No image can be made of the tree")
        }
        self.image = image
        unsafe source = made
        let size = unsafe made.pointee.get_size?(made) ?? 0
        byteCount = max(0, Int(size))
        left = cancels ? 0 : byteCount
        if cancels { stop() }
    }

    deinit {
        stop()
        unsafe source.pointee.free_data?(source)
        unsafe CMemory.free(source)
    }

    /// Reads on.
    ///
    /// - Parameter buffer: A multiple of 2048 bytes.
    /// - Returns: The bytes that came; fewer than fit only at the image's end.
    /// - Throws: ``ISOError`` if the image can't be made to its end, with what libisofs said.
    public func read(into buffer: inout MutableSpan<UInt8>) throws(ISOError) -> Int {
        var done = 0
        while left > 0, buffer.count - done >= Self.sectorSize {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                let place = unsafe start.map { unsafe $0 + done }
                return unsafe source.pointee.read_xt?(source, place, Int32(Self.sectorSize)) ?? -1
            }
            guard count == Self.sectorSize else {
                isOver = true
                throw ISOError(
                    .failed,
                    "The image could not be made to its end",
                    messages: image.messages()
                )
            }
            done += Self.sectorSize
            left -= Self.sectorSize
        }
        return done
    }

    /// Ends the making before its end.
    ///
    /// The corresponding C function is the source's `cancel`.
    public func stop() {
        guard !isOver else { return }
        isOver = true
        left = 0
        _ = unsafe source.pointee.cancel?(source)
    }

    /// What libisofs has said since it was asked last, oldest first.
    public func messages() -> [ISOMessage] { image.messages() }

    /// Waits until libisofs's thread has ended, as it does soon after the last byte was read.
    public func waitForEnd() {
        while image.isGenerating { Clock.sleep(seconds: 0.002) }
    }
}

@available(*, unavailable)
extension ISOImageStream: Sendable {}
