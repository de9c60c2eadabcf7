public import DiscImages
public import DiscModel
import SecondOpinion
public import SystemPackage

extension TrackOpinion {
    /// Asks libcdio about an image's tracks.
    ///
    /// - Parameter image: The image.
    /// - Returns: `nil` if libcdio has no driver for such images, or the program that asks is not
    ///   installed.
    public static func asking(about image: DiscImage) -> TrackOpinion? {
        guard let driver = TrackReach.driver(for: image.format) else { return nil }
        return asking(.table(of: image.path, driver: driver), image.layout) {
            TrackReach.image(image, driver, $0)
        }
    }

    /// Asks libcdio about the tracks of the CD in a drive.
    ///
    /// - Parameters:
    ///   - drive: The drive's device node.
    ///   - layout: The disc as Spindle reads it.
    /// - Returns: `nil` if the program that asks is not installed.
    public static func asking(about drive: FilePath, _ layout: DiscLayout) -> TrackOpinion? {
        asking(.table(ofDrive: drive), layout) { _ in .drive(layout) }
    }

    private static func asking(
        _ question: OpinionQuestion,
        _ layout: DiscLayout,
        reach: (OpinionLine.Table) -> TrackReach
    ) -> TrackOpinion? {
        var table: OpinionLine.Table?
        do throws(OpinionError) {
            try OpinionProcess.ask(question) { line in
                guard table == nil, let told = line.table else { return false }
                table = told
                return true
            }
        } catch {
            return error.code == .missing ? nil : TrackOpinion(error)
        }
        guard let table else { return nil }
        let texts = ReadableTexts(layout)
        var titles: [Int: String] = [:]
        for number in [0] + layout.tracks.map(\.number) {
            titles[number] = texts.text(.title, track: number)
        }
        return TrackOpinion(layout, titles: titles, table, reach(table))
    }
}
