import DiscModel
import Transfer

extension ImageFormat {
    /// Sectors and nothing else: the plain ISO image, and raw sectors without a sheet.
    public static let iso = ImageFormat(
        name: "iso",
        displayName: "ISO image",
        endings: ["iso", "cdr", "toast", "img", "dvd", "udf"],
        holds: .userDataOnly,
        order: .any,
        reader: { try ISOReader.open($0) },
        writer: { try ISOWriter.begin($0, $1, $2) }
    )
}
