internal import CLibEBUR128
internal import CLibSndfile
internal import CLibSoxr

/// A library that decodes, resamples or measures audio.
public struct SoundLibrary: Sendable, Hashable {
    /// Its name, such as “sndfile”.
    public let name: String
    /// The version that is loaded, such as “1.2.0”.
    public let version: String

    /// All of them, by name.
    ///
    /// The corresponding C functions are `ebur128_get_version`, `sf_version_string` and `soxr_version`.
    public static var all: [SoundLibrary] {
        let (sndfile, soxr) = unsafe (number(sf_version_string()), number(soxr_version()))
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe ebur128_get_version(&major, &minor, &patch)
        return [
            SoundLibrary(name: "ebur128", version: "\(major).\(minor).\(patch)"),
            SoundLibrary(name: "sndfile", version: sndfile),
            SoundLibrary(name: "soxr", version: soxr),
        ]
    }

    /// The number behind the library's name.
    private static func number(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        let words = unsafe String(cString: text)
        return String(words.split(separator: "-").dropFirst().first ?? Substring(words))
    }
}
