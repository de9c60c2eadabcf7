internal import CLibCdio
import LinuxCalls

/// An image of a disc in libcdio's hands, given back when the value ends.
///
/// libcdio's image drivers trust the file: some damaged ones crash it, divide by zero or run over its
/// arrays. So they are for processes that may crash. The corresponding C type is `CdIo_t`.
public struct CdioImage: ~Copyable {
    /// A driver of images.
    public enum Driver: String, Sendable, CaseIterable {
        /// CDRWIN's cue sheets.
        case cue = "bincue"
        /// Nero's images.
        case nrg
        /// cdrdao's TOC files.
        case toc = "cdrdao"

        var id: driver_id_t {
            switch self {
            case .cue: DRIVER_BINCUE
            case .nrg: DRIVER_NRG
            case .toc: DRIVER_CDRDAO
            }
        }
    }

    private let handle: CdioHandle

    /// Opens an image.
    ///
    /// The corresponding C function is `cdio_open_am`. The files that a TOC file names are looked for in
    /// the process's directory, whatever the TOC file's is (`parse_tocfile`).
    ///
    /// - Parameters:
    ///   - path: The sheet, or the image.
    ///   - driver: The driver that is to read it.
    /// - Throws: ``CdioError`` if the driver does not take it.
    public init(path: String, driver: Driver) throws(CdioError) {
        guard let handle = CdioHandle(path: path, driver: driver.id, mode: nil) else {
            throw CdioError(
                .cannotOpen,
                "cdio_open_am",
                "its driver \(driver.rawValue) does not take it"
            )
        }
        self.handle = handle
    }

    /// The tracks.
    ///
    /// - Throws: ``CdioError`` if libcdio has none to tell.
    public func tableOfContents() throws(CdioError) -> CdioTableOfContents {
        try handle.tableOfContents()
    }

    /// The kind of disc.
    public func discMode() -> CdioDiscMode { handle.discMode() }

    /// The media catalogue number, or `nil` if libcdio gives none.
    public func catalogNumber() -> String? { handle.catalogNumber() }

    /// A track's recording code.
    ///
    /// - Parameter track: The number of a track that ``tableOfContents()`` has.
    /// - Returns: `nil` if libcdio gives none.
    public func recordingCode(track: Int) -> String? { handle.recordingCode(track: track) }

    /// The CD-TEXT, or `nil` if libcdio gives none.
    ///
    /// The corresponding C function is `cdio_get_cdtext`.
    public func text() -> CdioText? {
        guard let text = unsafe cdio_get_cdtext(handle.device) else { return nil }
        return unsafe CdioText(text)
    }
}

@available(*, unavailable)
extension CdioImage: Sendable {}
