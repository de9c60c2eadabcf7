internal import CLinux
import Glibc
public import SystemPackage

/// A file without a name, for data that are needed for a while: it goes with its last reference,
/// whatever becomes of the program.
public struct NamelessFile: Sendable {
    /// The folder for temporary files: `TMPDIR`, or `/var/tmp` if that is not set or is empty.
    ///
    /// It is not `/tmp`, which is in memory on many systems.
    public static var folder: FilePath {
        guard let named = Environment.value("TMPDIR"), !named.isEmpty else { return "/var/tmp" }
        return FilePath(text: named)
    }

    /// The file, for those who read it; its path is the folder in which it takes room.
    public let file: File

    /// Makes a file that only this user may read.
    ///
    /// The corresponding C functions are `mkostemp` and `unlink`.
    ///
    /// - Parameter folder: The folder in which it takes room.
    /// - Throws: ``NamelessFileError`` if the folder takes none.
    public init(in folder: FilePath = NamelessFile.folder) throws(NamelessFileError) {
        var template = FileSystem.template(in: folder, prefix: "spindle-")
        let descriptor = unsafe spindle_make_temporary_file(&template)
        guard descriptor >= 0 else {
            throw NamelessFileError(folder, SystemError("mkostemp", path: folder.string))
        }
        file = File(adopting: descriptor, name: folder)
        guard unsafe unlink(template) == 0 else {
            throw NamelessFileError(folder, SystemError("unlink", path: folder.string))
        }
    }

    /// Writes all bytes at a place.
    ///
    /// - Throws: ``NamelessFileError``, as when there is no room.
    public func write(_ data: Span<UInt8>, at offset: Int) throws(NamelessFileError) {
        try told { () throws(SystemError) in try file.write(data, at: offset) }
    }

    /// Writes bytes to a place that holds nothing yet, as ``File/writeSparsely(_:at:)`` does.
    ///
    /// - Throws: ``NamelessFileError``, as when there is no room.
    public func writeSparsely(_ data: Span<UInt8>, at offset: Int) throws(NamelessFileError) {
        try told { () throws(SystemError) in try file.writeSparsely(data, at: offset) }
    }

    /// Makes the file so many bytes long.
    ///
    /// - Throws: ``NamelessFileError``, as when the file system takes no file of that size.
    public func setSize(_ bytes: Int) throws(NamelessFileError) {
        try told { () throws(SystemError) in try file.setSize(bytes) }
    }

    /// Reads at a place, as much as the buffer holds or the file has.
    ///
    /// - Returns: The number of bytes, fewer than were wanted only at the file's end.
    /// - Throws: ``NamelessFileError``.
    public func read(at offset: Int, into buffer: inout MutableSpan<UInt8>)
        throws(NamelessFileError) -> Int
    {
        do {
            return try file.read(at: offset, into: &buffer)
        } catch {
            throw NamelessFileError(file.path, error)
        }
    }

    private func told(_ call: () throws(SystemError) -> Void) throws(NamelessFileError) {
        do { try call() } catch { throw NamelessFileError(file.path, error) }
    }
}
