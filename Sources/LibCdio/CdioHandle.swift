internal import CLibCdio
internal import LinuxCalls

/// A `CdIo_t`, closed when the value ends; one thread uses it at a time.
@safe
struct CdioHandle: ~Copyable {
    let device: OpaquePointer

    /// Opens a device or an image.
    ///
    /// The corresponding C function is `cdio_open_am`.
    ///
    /// - Returns: `nil` if libcdio can't open it; `SystemError.last` is `nil` then if no system call failed.
    init?(path: String, driver: driver_id_t, mode: String?) {
        CdioLog.silence()
        SystemError.forgetLast()
        guard let opened = unsafe cdio_open_am(path, driver, mode) else { return nil }
        unsafe device = opened
    }

    deinit {
        unsafe cdio_destroy(device)
    }

    /// Opens the tray; libcdio gives its object back itself if that went well.
    ///
    /// The corresponding C function is `cdio_eject_media`.
    ///
    /// - Throws: ``CdioError`` if the tray stays closed.
    consuming func eject() throws(CdioError) {
        var left: OpaquePointer? = unsafe device
        discard self
        defer { if let left = unsafe left { unsafe cdio_destroy(left) } }
        try CdioError.check("cdio_eject_media") { unsafe cdio_eject_media(&left).rawValue }
    }

    /// The tracks.
    ///
    /// - Throws: ``CdioError`` if libcdio has no tracks to tell, or numbers or addresses of them that
    ///   can't be right.
    func tableOfContents() throws(CdioError) -> CdioTableOfContents {
        let first = unsafe cdio_get_first_track_num(device)
        let last = unsafe cdio_get_last_track_num(device)
        guard first != Constants.noTrack, last != Constants.noTrack else {
            throw CdioError(.failed, "cdio_get_first_track_num", "there is no table of contents")
        }
        let most = UInt8(CDIO_CD_MAX_TRACKS.rawValue)
        guard first >= 1, first <= last, last <= most else {
            throw CdioError(
                .implausible,
                "cdio_get_last_track_num",
                "the tracks would be numbered from \(first) to \(last)"
            )
        }
        var tracks: [CdioTableOfContents.Track] = []
        for number in first...last { tracks.append(try track(number)) }
        let end = try start(Constants.leadOut)
        return CdioTableOfContents(tracks: tracks, leadOut: end)
    }

    private func track(_ number: UInt8) throws(CdioError) -> CdioTableOfContents.Track {
        let pregap = unsafe cdio_get_track_pregap_lba(device, number)
        let channels = unsafe cdio_get_track_channels(device, number)
        return CdioTableOfContents.Track(
            number: Int(number),
            start: try start(number),
            pregapStart: pregap == Constants.noAddress
                ? nil : Int(pregap) - Int(Constants.firstPause),
            last: Int(unsafe cdio_get_track_last_lsn(device, number)),
            format: CdioTableOfContents.Format(unsafe cdio_get_track_format(device, number)),
            isGreen: unsafe cdio_get_track_green(device, number),
            copyPermitted: Self.flag(unsafe cdio_get_track_copy_permit(device, number)),
            preEmphasis: Self.flag(unsafe cdio_get_track_preemphasis(device, number)),
            channels: channels > 0 ? Int(channels) : nil
        )
    }

    private func start(_ number: UInt8) throws(CdioError) -> Int {
        let address = unsafe cdio_get_track_lsn(device, number)
        guard address > Constants.noAddress else {
            throw CdioError(.failed, "cdio_get_track_lsn", "track \(number) has no start")
        }
        return Int(address)
    }

    private static func flag(_ flag: track_flag_t) -> Bool? {
        switch flag {
        case CDIO_TRACK_FLAG_TRUE: true
        case CDIO_TRACK_FLAG_FALSE: false
        default: nil
        }
    }

    /// The kind of disc.
    func discMode() -> CdioDiscMode { CdioDiscMode(unsafe cdio_get_discmode(device)) }

    /// The media catalogue number, or `nil` if libcdio gives none.
    func catalogNumber() -> String? { unsafe Calls.taken(cdio_get_mcn(device)) }

    /// A track's recording code, or `nil` if libcdio gives none.
    func recordingCode(track: Int) -> String? {
        guard let number = UInt8(exactly: track) else { return nil }
        return unsafe Calls.taken(cdio_get_track_isrc(device, number))
    }
}

extension CdioTableOfContents.Format {
    init(_ format: track_format_t) {
        self =
            switch format {
            case TRACK_FORMAT_AUDIO: .audio
            case TRACK_FORMAT_CDI: .cdi
            case TRACK_FORMAT_XA: .xa
            case TRACK_FORMAT_DATA: .data
            case TRACK_FORMAT_PSX: .playstation
            default: .unknown
            }
    }
}

extension CdioDiscMode {
    private static let names: [UInt32: CdioDiscMode] = [
        CDIO_DISC_MODE_CD_DA.rawValue: .audio,
        CDIO_DISC_MODE_CD_DATA.rawValue: .mode1,
        CDIO_DISC_MODE_CD_XA.rawValue: .xa,
        CDIO_DISC_MODE_CD_MIXED.rawValue: .mixed,
        CDIO_DISC_MODE_CD_I.rawValue: .cdi,
        CDIO_DISC_MODE_DVD_ROM.rawValue: .dvdROM,
        CDIO_DISC_MODE_DVD_RAM.rawValue: .dvdRAM,
        CDIO_DISC_MODE_DVD_R.rawValue: .dvdR,
        CDIO_DISC_MODE_DVD_RW.rawValue: .dvdRW,
        CDIO_DISC_MODE_HD_DVD_ROM.rawValue: .hdDVDROM,
        CDIO_DISC_MODE_HD_DVD_RAM.rawValue: .hdDVDRAM,
        CDIO_DISC_MODE_HD_DVD_R.rawValue: .hdDVDR,
        CDIO_DISC_MODE_DVD_PR.rawValue: .dvdPlusR,
        CDIO_DISC_MODE_DVD_PRW.rawValue: .dvdPlusRW,
        CDIO_DISC_MODE_DVD_PRW_DL.rawValue: .dvdPlusRWDualLayer,
        CDIO_DISC_MODE_DVD_PR_DL.rawValue: .dvdPlusRDualLayer,
        CDIO_DISC_MODE_DVD_OTHER.rawValue: .otherDVD,
    ]

    init(_ mode: discmode_t) { self = Self.names[mode.rawValue] ?? .unknown }
}
