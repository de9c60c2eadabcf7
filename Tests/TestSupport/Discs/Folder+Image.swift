package import DiscImages

extension Folder {
    /// Writes a disc as an image, a cue sheet and a file of raw sectors, and opens that.
    package func image(of disc: SampleDisc) throws -> DiscImage {
        try write("image.bin", disc.bytes)
        return try DiscImage(try write("image.cue", disc.cueSheet()))
    }
}
