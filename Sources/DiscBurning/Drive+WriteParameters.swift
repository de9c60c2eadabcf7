import DiscDrives
import DiscModel
import MMC
import Reports
import SystemPackage

extension Drive {
    /// Changes the write parameters, mode page 05h (MMC-6 §7.5.4), until a program sets them again.
    ///
    /// - Parameter change: Given what is set.
    /// - Returns: Why the drive does not take them; `nil` if it does.
    /// - Throws: ``MMC/TransportError`` if the drive can't be reached.
    func setWriteParameters(_ change: (inout WriteParameters) -> Void) throws(TransportError)
        -> Sense?
    {
        let (completion, bytes) = try commands.fetch(.modeSense(page: WriteParameters.pageCode))
        guard completion.succeeded, let pages = try? ModePages(parsing10: bytes),
            let page = pages.page(WriteParameters.pageCode)
        else { return completion.sense }
        var parameters = WriteParameters(parsing: page.data)
        change(&parameters)
        let (command, data) = Command.modeSelect(
            ModePages.Page(code: WriteParameters.pageCode, data: parameters.encoded)
        )
        let answer = try commands.send(command, sending: data)
        return answer.succeeded ? nil : answer.sense
    }

    /// Looks at a disc that can be appended to as one that is written behind what it holds.
    ///
    /// Where the next session begins, and whether there can be one, drives tell for the write type that is
    /// set; another program may have left them with that of writing in one go.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - report: What the drive says of the disc.
    /// - Returns: What it says then.
    /// - Throws: ``Reports/Failure`` if the drive can't be reached.
    static func report(forAppending node: FilePath, _ report: DiscReport) throws(Failure)
        -> DiscReport
    {
        guard report.state == .appendable, let medium = report.medium,
            medium.facts.family == .cd || medium.isDashed,
            let drive = try? Drive(node, writable: true)
        else { return report }
        let type: WriteParameters.WriteType = medium.facts.family == .cd ? .trackAtOnce : .packet
        _ = try? drive.setWriteParameters { parameters in
            parameters.writeType = type.rawValue
            parameters.testWrite = false
        }
        return try drive.inspectDisc()
    }
}

extension MediumKind {
    /// Whether it is a DVD-R or DVD-RW, whose drives heed the write parameters as those of CDs do.
    var isDashed: Bool { [.dvdR, .dvdRDualLayer, .dvdRW].contains(self) }
}
