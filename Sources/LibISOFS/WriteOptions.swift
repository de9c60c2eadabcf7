internal import CLibISOFS

/// ``ISOWriteOptions`` in libisofs's form, given back when the value ends.
///
/// The corresponding C type is `IsoWriteOpts`.
@safe
struct WriteOptions: ~Copyable {
    let pointer: OpaquePointer

    /// Creates options with nothing enabled.
    init() throws(ISOError) {
        var made: OpaquePointer?
        // Profile 0: nothing is enabled.
        try ISOLibrary.check(unsafe iso_write_opts_new(&made, 0), "libisofs has no options")
        guard let made = unsafe made else {
            throw ISOError(.unavailable, "libisofs has no options")
        }
        unsafe pointer = made
    }

    deinit { unsafe iso_write_opts_free(pointer) }

    /// Takes options over.
    ///
    /// - Parameters:
    ///   - options: The options.
    ///   - cancels: Whether only the size is wanted.
    /// - Throws: ``ISOError`` if libisofs refuses one.
    func take(_ options: ISOWriteOptions, cancels: Bool) throws(ISOError) {
        try setTrees(options)
        try setTimes(options)
        try setRest(options, cancels)
    }

    private func set(
        _ result: Int32,
        _ what: @autoclosure () -> String
    ) throws(ISOError) {
        try ISOLibrary.check(result, "libisofs refuses \(what())")
    }

    private func setTrees(_ options: ISOWriteOptions) throws(ISOError) {
        let joliet: Int32 = options.hasJoliet ? 1 : 0
        try set(unsafe iso_write_opts_set_iso_level(pointer, Int32(options.level)), "the level")
        try set(
            unsafe iso_write_opts_set_rockridge(pointer, options.hasRockRidge ? 1 : 0),
            "Rock Ridge"
        )
        try set(unsafe iso_write_opts_set_joliet(pointer, joliet), "Joliet")
        // Without these, libisofs leaves files out, or moves directories.
        try set(unsafe iso_write_opts_set_joliet_longer_paths(pointer, joliet), "long paths")
        try set(unsafe iso_write_opts_set_allow_deep_paths(pointer, 1), "deep paths")
        try set(unsafe iso_write_opts_set_allow_longer_paths(pointer, 1), "long paths")
        try set(unsafe iso_write_opts_set_joliet_utf16(pointer, joliet), "UTF-16")
        try set(
            unsafe iso_write_opts_set_joliet_long_names(
                pointer,
                options.hasLongJolietNames ? 1 : 0
            ),
            "long names"
        )
        // Bit 1: a name in Joliet's tree gets no dot that it hasn't got.
        try set(unsafe iso_write_opts_set_no_force_dots(pointer, 1 << 1), "names without dots")
        try set(
            unsafe iso_write_opts_set_hfsplus(pointer, options.hasHFSPlus ? 1 : 0),
            "HFS Plus"
        )
        try set(
            unsafe iso_write_opts_set_hardlinks(pointer, options.keepsHardLinks ? 1 : 0),
            "hard links"
        )
        // Names of volumes with small letters, as people write them.
        try set(unsafe iso_write_opts_set_relaxed_vol_atts(pointer, 1), "names of volumes")
        try set(unsafe iso_write_opts_set_output_charset(pointer, "UTF-8"), "UTF-8")
        // Modes, owners and times as the nodes have them.
        try set(unsafe iso_write_opts_set_replace_mode(pointer, 0, 0, 0, 0), "modes")
        try set(unsafe iso_write_opts_set_replace_timestamps(pointer, 0), "times")
        try set(unsafe iso_write_opts_set_dir_rec_mtime(pointer, 7), "times")
        try set(unsafe iso_write_opts_set_sort_files(pointer, 0), "the order")
        // Empty files have an address as others have.
        try set(unsafe iso_write_opts_set_old_empty(pointer, 0), "empty files")
    }

    private func setTimes(_ options: ISOWriteOptions) throws(ISOError) {
        var none: [CChar] = [0]
        try set(unsafe iso_write_opts_set_always_gmt(pointer, 1), "UTC")
        try set(
            unsafe iso_write_opts_set_pvd_times(pointer, options.time, options.time, 0, 0, &none),
            "the volume's time"
        )
        guard var number = options.uniqueNumber, number.count == 16 else { return }
        // Version 4 and variant 1 (RFC 4122), as libisofs.h asks for.
        number[7] = number[7] & 0x0F | 0x40
        number[8] = number[8] & 0x3F | 0x80
        try set(unsafe iso_write_opts_set_gpt_guid(pointer, &number, 1), "a GUID")
        var serial = Array(number.prefix(8))
        try set(unsafe iso_write_opts_set_hfsp_serial_number(pointer, &serial), "a number")
    }

    private func setRest(_ options: ISOWriteOptions, _ cancels: Bool) throws(ISOError) {
        if cancels { try set(unsafe iso_write_opts_set_will_cancel(pointer, 1), "to stop") }
        // Where the sums are is told in an attribute of the root.
        if options.hasAttributes || options.recordsMD5 {
            try set(unsafe iso_write_opts_set_aaip(pointer, 1), "attributes")
        }
        if options.recordsMD5 {
            try set(unsafe iso_write_opts_set_record_md5(pointer, 1, 1), "checksums")
        }
        try set(
            unsafe iso_write_opts_set_tail_blocks(pointer, UInt32(clamping: options.tailSectors)),
            "zeros at the end"
        )
        guard let area = options.systemArea else { return }
        var bytes = area.bytes.prefix(32768).map { CChar(bitPattern: $0) }
        bytes += [CChar](repeating: 0, count: 32768 - bytes.count)
        // Bit 1: ISOLINUX's MBR is patched.
        let flags: Int32 = area.isHybrid ? 1 << 1 : 0
        try set(
            unsafe iso_write_opts_set_system_area(pointer, &bytes, flags, 0),
            "the system area"
        )
        if area.isHybrid {
            try set(unsafe iso_write_opts_set_part_like_isohybrid(pointer, 1), "partitions")
        }
    }
}
