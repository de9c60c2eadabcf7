internal import CLibEBUR128
internal import CLibSndfile
internal import CLibSoxr
internal import CLibWavPack

/// A library that decodes, resamples or measures audio.
public struct SoundLibrary: Sendable, Hashable {
    /// Its name, such as “sndfile”.
    public let name: String
    /// The version that is loaded, such as “1.2.0”.
    public let version: String

    /// All of them, by name.
    ///
    /// The corresponding C functions are `ebur128_get_version`, `sf_version_string`, `soxr_version` and
    /// `WavpackGetLibraryVersionString`.
    public static var all: [SoundLibrary] {
        let (sndfile, soxr, wavpack) = unsafe (
            number(sf_version_string()), number(soxr_version()),
            number(WavpackGetLibraryVersionString())
        )
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe ebur128_get_version(&major, &minor, &patch)
        return [
            SoundLibrary(name: "ebur128", version: "\(major).\(minor).\(patch)"),
            SoundLibrary(name: "sndfile", version: sndfile),
            SoundLibrary(name: "soxr", version: soxr),
            SoundLibrary(name: "wavpack", version: wavpack),
        ]
    }

    /// The number after the library's name, if that comes first.
    private static func number(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        let words = unsafe String(cString: text)
        return String(words.split(separator: "-").dropFirst().first ?? Substring(words))
    }
}
