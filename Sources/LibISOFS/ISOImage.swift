internal import CLibISOFS
import Synchronization

/// An image in the making: a tree of nodes in libisofs's hands, given back when the value ends.
///
/// One thread uses it at a time, and there is one at a time in a process. While an image is made of the
/// tree (``ISOImageStream``), the tree can't be changed. Nodes belong to the tree.
///
/// The corresponding C type is `IsoImage`.
@safe
public final class ISOImage {
    /// A directory of an image's tree.
    @safe
    public struct Directory {
        fileprivate let node: OpaquePointer
        fileprivate let image: ISOImage
    }

    /// A file of an image's tree.
    @safe
    public struct File {
        fileprivate let node: OpaquePointer
        fileprivate let image: ISOImage
    }

    let pointer: OpaquePointer

    /// Begins with an empty tree.
    ///
    /// The corresponding C functions are `iso_image_new` and `iso_image_set_truncate_mode`: names that
    /// are too long are refused, and not cut.
    ///
    /// - Parameter volume: The volume's name.
    /// - Throws: ``ISOError`` if another image is being made in this process, or there is no memory.
    public init(volume: String) throws(ISOError) {
        try ISOLibrary.claim()
        var made: OpaquePointer?
        let result = unsafe iso_image_new(volume, &made)
        guard result >= 0, let made = unsafe made else {
            ISOLibrary.release()
            throw ISOError(.unavailable, "libisofs has no memory for an image")
        }
        unsafe pointer = made
        _ = unsafe iso_image_set_truncate_mode(pointer, 0, 255)
    }

    deinit {
        unsafe iso_image_unref(pointer)
        ISOLibrary.release()
    }

    /// What libisofs has said since it was asked last, oldest first.
    public func messages() -> [ISOMessage] { ISOLibrary.drainMessages() }

    // MARK: The volume

    /// Sets who published it, at most 128 characters.
    ///
    /// The corresponding C function is `iso_image_set_publisher_id`.
    public func setPublisher(_ text: String) { unsafe iso_image_set_publisher_id(pointer, text) }

    /// Sets who prepared the data, at most 128 characters.
    ///
    /// The corresponding C function is `iso_image_set_data_preparer_id`.
    public func setPreparer(_ text: String) { unsafe iso_image_set_data_preparer_id(pointer, text) }

    /// Sets the program that made it, or that it is for, at most 128 characters.
    ///
    /// The corresponding C function is `iso_image_set_application_id`.
    public func setApplication(_ text: String) {
        unsafe iso_image_set_application_id(pointer, text)
    }

    /// Sets the system that it is for, at most 32 characters.
    ///
    /// The corresponding C function is `iso_image_set_system_id`.
    public func setSystem(_ text: String) { unsafe iso_image_set_system_id(pointer, text) }

    /// Sets the name of the set of volumes, at most 128 characters.
    ///
    /// The corresponding C function is `iso_image_set_volset_id`.
    public func setVolumeSet(_ text: String) { unsafe iso_image_set_volset_id(pointer, text) }

    // MARK: The tree

    /// The directory that holds all others.
    ///
    /// The corresponding C function is `iso_image_get_root`.
    ///
    /// - Throws: ``ISOError`` if libisofs has none.
    public func root() throws(ISOError) -> Directory {
        guard let root = unsafe iso_image_get_root(pointer) else {
            throw ISOError(.failed, "The image has no root")
        }
        return unsafe Directory(node: root, image: self)
    }

    /// Whether a thread of libisofs reads the tree.
    ///
    /// The corresponding C function is `iso_image_generator_is_running`.
    var isGenerating: Bool { unsafe iso_image_generator_is_running(pointer) != 0 }

    private func checkIdle() throws(ISOError) {
        guard !isGenerating else {
            throw ISOError(.busy, "The tree can't be changed while an image is made of it")
        }
    }

    /// Sets what the trees say of a directory.
    ///
    /// - Throws: ``ISOError`` if an image is being made of the tree.
    public func set(_ attributes: ISOAttributes, of directory: Directory) throws(ISOError) {
        try checkIdle()
        unsafe set(attributes, directory.node)
    }

    /// Makes a directory.
    ///
    /// The corresponding C function is `iso_image_add_new_dir`.
    ///
    /// - Parameters:
    ///   - name: Its name, of 1 to 255 bytes.
    ///   - parent: The directory that it goes into, of this image.
    ///   - attributes: What the trees say of it.
    /// - Returns: The directory.
    /// - Throws: ``ISOError`` if the name is taken or is none, or an image is being made of the tree.
    public func addDirectory(
        _ name: [UInt8],
        to parent: Directory,
        _ attributes: ISOAttributes
    ) throws(ISOError) -> Directory {
        let node = try unsafe add(name, to: parent) { name, node in
            unsafe iso_image_add_new_dir(pointer, parent.node, name, &node)
        }
        unsafe set(attributes, node)
        return unsafe Directory(node: node, image: self)
    }

    /// Makes a file.
    ///
    /// The corresponding C function is `iso_image_add_new_file`.
    ///
    /// - Parameters:
    ///   - name: Its name, of 1 to 255 bytes.
    ///   - parent: The directory that it goes into, of this image.
    ///   - attributes: What the trees say of it.
    ///   - content: Its bytes.
    ///   - serial: Tells files with the same content from others: content is written once for each
    ///     number, in the order of the numbers.
    /// - Returns: The file.
    /// - Throws: ``ISOError`` as from ``addDirectory(_:to:_:)``.
    public func addFile(
        _ name: [UInt8],
        to parent: Directory,
        _ attributes: ISOAttributes,
        content: any ISOContent,
        serial: UInt64
    ) throws(ISOError) -> File {
        guard let stream = unsafe ContentStream.make(content, serial: serial) else {
            throw ISOError(.failed, "There is no memory for a file")
        }
        do throws(ISOError) {
            let node = try unsafe add(name, to: parent) { name, node in
                unsafe iso_image_add_new_file(pointer, parent.node, name, stream, &node)
            }
            unsafe set(attributes, node)
            return unsafe File(node: node, image: self)
        } catch {
            unsafe iso_stream_unref(stream)
            throw error
        }
    }

    /// Makes a symbolic link.
    ///
    /// The corresponding C function is `iso_image_add_new_symlink`.
    ///
    /// - Parameters:
    ///   - name: Its name, of 1 to 255 bytes.
    ///   - target: Where it leads, as bytes without zeros.
    ///   - parent: The directory that it goes into, of this image.
    ///   - attributes: What the trees say of it.
    /// - Throws: ``ISOError`` as from ``addDirectory(_:to:_:)``.
    public func addLink(
        _ name: [UInt8],
        leadingTo target: [UInt8],
        to parent: Directory,
        _ attributes: ISOAttributes
    ) throws(ISOError) {
        let target = Self.characters(target)
        let node = try unsafe add(name, to: parent) { name, node in
            unsafe iso_image_add_new_symlink(pointer, parent.node, name, target, &node)
        }
        unsafe set(attributes, node)
    }

    /// Makes a device, a pipe or a socket.
    ///
    /// The corresponding C function is `iso_image_add_new_special`.
    ///
    /// - Parameters:
    ///   - name: Its name, of 1 to 255 bytes.
    ///   - type: The bits of a mode that say what it is (`S_IFMT`).
    ///   - device: The number of a device; 0 of others.
    ///   - parent: The directory that it goes into, of this image.
    ///   - attributes: What the trees say of it.
    /// - Throws: ``ISOError`` as from ``addDirectory(_:to:_:)``.
    public func addSpecial(
        _ name: [UInt8],
        type: UInt32,
        device: UInt64,
        to parent: Directory,
        _ attributes: ISOAttributes
    ) throws(ISOError) {
        let mode = mode_t(type | attributes.permissions & 0o7777)
        let node = try unsafe add(name, to: parent) { name, node in
            unsafe iso_image_add_new_special(pointer, parent.node, name, mode, dev_t(device), &node)
        }
        unsafe set(attributes, node)
    }

    /// Records values under names (AAIP) of a directory.
    ///
    /// The corresponding C function is `iso_node_set_attrs`.
    ///
    /// - Parameters:
    ///   - values: Names with their namespaces, and values; that of an empty name is an access control list in
    ///     the form of AAIP.
    ///   - directory: The directory, of this image.
    /// - Throws: ``ISOError`` if libisofs refuses them, or an image is being made of the tree.
    public func set(_ values: [(name: [UInt8], value: [UInt8])], of directory: Directory)
        throws(ISOError)
    {
        try unsafe set(values, directory.node)
    }

    /// Records values under names (AAIP) of a file.
    ///
    /// - Parameters:
    ///   - values: As for a directory.
    ///   - file: The file, of this image.
    /// - Throws: ``ISOError`` as for a directory.
    public func set(_ values: [(name: [UInt8], value: [UInt8])], of file: File) throws(ISOError) {
        try unsafe set(values, file.node)
    }

    private func set(_ values: [(name: [UInt8], value: [UInt8])], _ node: OpaquePointer)
        throws(ISOError)
    {
        guard !values.isEmpty else { return }
        try checkIdle()
        // All in one row: names with zeros behind them, and values.
        var bytes: [CChar] = []
        var places: [(name: Int, value: Int)] = []
        for (name, value) in values {
            let start = bytes.count
            bytes += Self.characters(name)
            places.append((start, bytes.count))
            bytes += value.map { CChar(bitPattern: $0) }
        }
        // No pointer may lead behind the last of them.
        bytes.append(0)
        var lengths = values.map(\.value.count)
        let result = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            let start = bytes.baseAddress
            var names = unsafe places.map { place in unsafe start.map { unsafe $0 + place.name } }
            var contents = unsafe places.map { place in unsafe start.map { unsafe $0 + place.value }
            }
            // Bits 0 and 3: access control lists, and all namespaces.
            return unsafe iso_node_set_attrs(
                node,
                values.count,
                &names,
                &lengths,
                &contents,
                1 | 1 << 3
            )
        }
        try ISOLibrary.check(result, "The attributes of a file can't be recorded")
    }

    /// Packs a file's bytes (zisofs), if that makes them fewer; all of them are read for that.
    ///
    /// The corresponding C function is `iso_file_add_zisofs_filter`.
    ///
    /// - Returns: Whether they will be packed.
    /// - Throws: ``ISOError`` if libisofs was built without zlib, or the file can't be read.
    public func pack(_ file: File) throws(ISOError) -> Bool {
        try checkIdle()
        let result = unsafe iso_file_add_zisofs_filter(file.node, 1)
        try ISOLibrary.check(result, "A file can't be packed")
        return result == 1
    }

    private func add(
        _ name: [UInt8],
        to parent: Directory,
        _ call: ([CChar], inout OpaquePointer?) -> Int32
    ) throws(ISOError) -> OpaquePointer {
        try checkIdle()
        precondition(parent.image === self, "The directory belongs to another image")
        let shown = String(decoding: name, as: UTF8.self)
        guard !name.isEmpty, !name.contains(0) else {
            throw ISOError(.refused, "“\(shown)” is no name of a file")
        }
        var node: OpaquePointer?
        let result = unsafe call(Self.characters(name), &node)
        try ISOLibrary.check(result, "“\(shown)” can't be put into the tree")
        guard let node = unsafe node else {
            throw ISOError(.failed, "“\(shown)” can't be put into the tree")
        }
        return unsafe node
    }

    private func set(_ attributes: ISOAttributes, _ node: OpaquePointer) {
        unsafe iso_node_set_permissions(node, mode_t(attributes.permissions & 0o7777))
        unsafe iso_node_set_uid(node, attributes.userID)
        unsafe iso_node_set_gid(node, attributes.groupID)
        unsafe iso_node_set_mtime(node, attributes.modified)
        unsafe iso_node_set_atime(node, attributes.accessed)
        unsafe iso_node_set_ctime(node, attributes.changed)
    }

    static func characters(_ bytes: [UInt8]) -> [CChar] {
        bytes.map { CChar(bitPattern: $0) } + [0]
    }

    // MARK: Booting

    /// Has the image boot from a file (El Torito, without emulation of another medium).
    ///
    /// The corresponding C functions are `iso_image_set_boot_image`, `iso_image_add_boot_image` and
    /// `el_torito_set_isolinux_options`.
    ///
    /// - Parameters:
    ///   - entry: The file, and how it is loaded.
    ///   - catalog: The path that the boot catalog gets, which must be free; it counts for the first
    ///     entry only.
    ///   - isFirst: Whether it is the first entry, which firmware takes if it does not choose.
    /// - Throws: ``ISOError`` if libisofs refuses it.
    public func boot(from entry: ISOBootEntry, catalog: [UInt8], isFirst: Bool) throws(ISOError) {
        try checkIdle()
        var boot: OpaquePointer?
        let path = Self.characters(entry.path)
        let result =
            isFirst
            ? unsafe iso_image_set_boot_image(
                pointer,
                path,
                ELTORITO_NO_EMUL,
                Self.characters(catalog),
                &boot
            )
            : unsafe iso_image_add_boot_image(pointer, path, ELTORITO_NO_EMUL, 0, &boot)
        let shown = String(decoding: entry.path, as: UTF8.self)
        try ISOLibrary.check(result, "The disc can't boot from \(shown)")
        guard let boot = unsafe boot else { return }
        unsafe el_torito_set_boot_platform_id(boot, entry.platform.rawValue)
        if let sectors = entry.loadedSectors {
            unsafe el_torito_set_load_size(boot, sectors)
        } else {
            _ = unsafe el_torito_set_full_load(boot, 1)
        }
        var options: Int32 = entry.hasInformationTable ? 1 : 0
        // Bits 2 to 7: a partition of basic data in the table of GPT.
        if entry.isPartition { options |= 1 << 2 }
        try ISOLibrary.check(
            unsafe el_torito_set_isolinux_options(boot, options, 0),
            "The disc can't boot from \(shown)"
        )
    }
}

@available(*, unavailable)
extension ISOImage: Sendable {}

@available(*, unavailable)
extension ISOImage.Directory: Sendable {}

@available(*, unavailable)
extension ISOImage.File: Sendable {}
