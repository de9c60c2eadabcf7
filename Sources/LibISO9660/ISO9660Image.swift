internal import CLibISO9660
import LibCdio

/// An ISO 9660 file system in a file, in libiso9660's hands; closed when the value ends.
///
/// libiso9660 2.1.0 trusts the file: damaged ones crash it, and some valid ones do. So it is for
/// processes that may crash. One thread uses an image at a time. The corresponding C type is
/// `iso9660_t`.
@safe
public struct ISO9660Image: ~Copyable {
    /// Which names are asked for.
    ///
    /// Rock Ridge's can't be refused: libiso9660 2.1.0 gives them wherever a directory record has
    /// them, whatever extensions it was opened with (`_iso9660_dir_to_statbuf`).
    public enum Names: Sendable {
        /// Those of the primary volume descriptor.
        case primary
        /// Those of Joliet, if there are any.
        case joliet
        /// All extensions: Joliet's names before the others.
        case all
    }

    /// Bytes of a sector.
    public static let sectorSize = 2048
    private let image: OpaquePointer

    /// Opens a file.
    ///
    /// The corresponding C function is `iso9660_open_ext`.
    ///
    /// - Parameters:
    ///   - path: A file of sectors of 2048 bytes, whose volume descriptors begin in sector 16.
    ///   - names: The names that are asked for.
    /// - Throws: ``ISO9660Error`` if there is no such file or no file system in it.
    public init(path: String, names: Names) throws(ISO9660Error) {
        let mask: UInt8 =
            switch names {
            case .primary: 0
            // ISO_EXTENSION_JOLIET and ISO_EXTENSION_ALL are macros that Swift does not see.
            case .joliet: 0x07
            case .all: 0xFF
            }
        CdioLog.silence()
        guard let opened = unsafe iso9660_open_ext(path, mask) else {
            throw ISO9660Error("iso9660_open_ext", "there is no file system that it knows")
        }
        unsafe image = opened
    }

    deinit {
        _ = unsafe iso9660_close(image)
    }

    /// The level of Joliet whose names are given, from 1 to 3; 0 if they are not Joliet's.
    ///
    /// The corresponding C function is `iso9660_ifs_get_joliet_level`.
    public var jolietLevel: Int { Int(unsafe iso9660_ifs_get_joliet_level(image)) }

    /// The volume's name, or `nil` if it has none.
    ///
    /// The corresponding C function is `iso9660_ifs_get_volume_id`.
    public var volume: String? { unsafe text(iso9660_ifs_get_volume_id) }

    /// Who published it, or `nil` if it doesn't say.
    ///
    /// The corresponding C function is `iso9660_ifs_get_publisher_id`.
    public var publisher: String? { unsafe text(iso9660_ifs_get_publisher_id) }

    /// Who prepared it, or `nil` if it doesn't say.
    ///
    /// The corresponding C function is `iso9660_ifs_get_preparer_id`.
    public var preparer: String? { unsafe text(iso9660_ifs_get_preparer_id) }

    /// The program that made it, or `nil` if it doesn't say.
    ///
    /// The corresponding C function is `iso9660_ifs_get_application_id`.
    public var application: String? { unsafe text(iso9660_ifs_get_application_id) }

    private func text(
        _ get: (OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Bool
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let isThere = unsafe get(image, &text)
        guard let found = unsafe text else { return nil }
        defer { unsafe cdio_free(found) }
        return isThere ? unsafe String(cString: found) : nil
    }

    /// What is in a directory, without `.` and `..`.
    ///
    /// The corresponding C function is `iso9660_ifs_readdir`.
    ///
    /// - Parameter path: The bytes of the names on the way, with slashes between them; empty for the
    ///   root.
    /// - Returns: `nil` if libiso9660 can't list it.
    public func entries(of path: [UInt8]) -> [ISO9660Entry]? {
        guard let list = unsafe iso9660_ifs_readdir(image, Self.characters(path)) else {
            return nil
        }
        defer { unsafe iso9660_filelist_free(list) }
        var entries: [ISO9660Entry] = []
        var node = unsafe _cdio_list_begin(list)
        while let next = unsafe node {
            if let data = unsafe _cdio_list_node_data(next) {
                let entry = unsafe Self.entry(
                    UnsafePointer(data.assumingMemoryBound(to: iso9660_stat_t.self))
                )
                if entry.name != [0x2E], entry.name != [0x2E, 0x2E] { entries.append(entry) }
            }
            unsafe node = _cdio_list_node_next(next)
        }
        return entries
    }

    /// What is at a path.
    ///
    /// The corresponding C function is `iso9660_ifs_stat`.
    ///
    /// - Parameter path: As in ``entries(of:)``.
    /// - Returns: `nil` if libiso9660 finds nothing there.
    public func entry(at path: [UInt8]) -> ISO9660Entry? {
        guard let found = unsafe iso9660_ifs_stat(image, Self.characters(path)) else {
            return nil
        }
        defer { unsafe iso9660_stat_free(found) }
        return unsafe Self.entry(found)
    }

    /// Reads whole sectors, as many as fit into a buffer.
    ///
    /// The corresponding C function is `iso9660_iso_seek_read`, which takes the count of sectors on
    /// trust.
    ///
    /// - Parameters:
    ///   - start: The first sector.
    ///   - buffer: Filled from its beginning on.
    /// - Returns: How many bytes were read; fewer than fit at the file's end.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) -> Int {
        let sectors = buffer.count / Self.sectorSize
        guard let first = Int32(exactly: start), first >= 0, sectors > 0 else { return 0 }
        return unsafe buffer.withUnsafeMutableBytes { bytes in
            let count = unsafe iso9660_iso_seek_read(image, bytes.baseAddress, first, sectors)
            return max(0, min(count, bytes.count))
        }
    }

    private static func entry(_ found: UnsafePointer<iso9660_stat_t>) -> ISO9660Entry {
        let isRockRidge = unsafe spindle_iso9660_has_rock_ridge(found)
        return ISO9660Entry(
            name: unsafe bytes(spindle_iso9660_name(found)) ?? [],
            isDirectory: unsafe spindle_iso9660_is_directory(found),
            start: Int(unsafe spindle_iso9660_start(found)),
            size: Int(unsafe spindle_iso9660_size(found)),
            mode: isRockRidge ? unsafe spindle_iso9660_mode(found) : nil,
            target: isRockRidge ? unsafe bytes(spindle_iso9660_target(found)) : nil
        )
    }

    private static func bytes(_ string: UnsafePointer<CChar>?) -> [UInt8]? {
        guard let string = unsafe string else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: string, count: strlen(string)))
    }

    /// A path from the root as C has it.
    private static func characters(_ path: [UInt8]) -> [CChar] {
        ([0x2F] + path + [0]).map { CChar(bitPattern: $0) }
    }
}

@available(*, unavailable)
extension ISO9660Image: Sendable {}
