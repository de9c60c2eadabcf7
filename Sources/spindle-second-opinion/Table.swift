import LibCdio
import SecondOpinion

/// Tells a drive's tracks.
func tellTable(ofDrive path: String, to answer: inout Answer) {
    do throws(CdioError) {
        let drive = try CdioDrive(path: path)
        let contents = try drive.tableOfContents()
        var codes: [OpinionLine.Table.Code] = []
        for track in contents.tracks where track.format == .audio {
            guard let isrc = try drive.recordingCode(track: track.number) else { continue }
            codes.append(OpinionLine.Table.Code(track: track.number, isrc: isrc))
        }
        tell(
            OpinionLine.Table(
                contents: contents,
                mode: drive.discMode(),
                catalog: drive.catalogNumber(),
                codes: codes,
                text: drive.text()
            ),
            to: &answer
        )
    } catch {
        tell(error, to: &answer)
    }
}

/// Tells an image's tracks.
func tellTable(of path: String, driver name: String, to answer: inout Answer) {
    do throws(CdioError) {
        guard let driver = CdioImage.Driver(rawValue: name) else {
            return answer.print(OpinionLine(.failed, reason: "There is no driver \(name)."))
        }
        let image = try CdioImage(path: path, driver: driver)
        let contents = try image.tableOfContents()
        let codes = contents.tracks.compactMap { track in
            image.recordingCode(track: track.number).map {
                OpinionLine.Table.Code(track: track.number, isrc: $0)
            }
        }
        tell(
            OpinionLine.Table(
                contents: contents,
                mode: image.discMode(),
                catalog: image.catalogNumber(),
                codes: codes,
                text: image.text()
            ),
            to: &answer
        )
    } catch {
        tell(error, to: &answer)
    }
}

private func tell(_ table: OpinionLine.Table, to answer: inout Answer) {
    answer.print(OpinionLine(.table, table: table))
    answer.print(OpinionLine(.end))
}

/// Tells an error, with what libcdio said before it.
private func tell(_ error: CdioError, to answer: inout Answer) {
    let said = CdioLog.drain().last.map { " (\($0.split(separator: "\n").joined(separator: " ")))" }
    answer.print(OpinionLine(.failed, reason: "libcdio can't read it: \(error)\(said ?? "")"))
}
